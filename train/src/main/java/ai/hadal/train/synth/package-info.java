/// Checkpoints of random weights in any shape and stored format, to measure engines with.
@NullMarked
package ai.hadal.train.synth;

import org.jspecify.annotations.NullMarked;
