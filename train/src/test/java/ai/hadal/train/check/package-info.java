/// The double-precision definition of the model and its losses, and what compares gradients with it.
@NullMarked
package ai.hadal.train.check;

import org.jspecify.annotations.NullMarked;
