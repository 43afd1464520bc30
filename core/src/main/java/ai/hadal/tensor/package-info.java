/// Number formats, shapes and views: what the bytes of a checkpoint mean, in plain scalar Java.
@NullMarked
package ai.hadal.tensor;

import org.jspecify.annotations.NullMarked;
