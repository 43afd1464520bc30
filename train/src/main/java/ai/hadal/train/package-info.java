/// Training: a recipe becomes a checkpoint, observed from outside.
@NullMarked
package ai.hadal.train;

import org.jspecify.annotations.NullMarked;
