/// Number formats, tensors and weight matrices: what the bytes of a checkpoint mean, and the rounding of
/// activations, in plain scalar Java.
@NullMarked
package ai.hadal.tensor;

import org.jspecify.annotations.NullMarked;
