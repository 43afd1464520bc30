/// Checkpoints in other stored formats, with the loss measured.
@NullMarked
package ai.hadal.train.quantize;

import org.jspecify.annotations.NullMarked;
