/// What moves parameters: Muon for matrices, AdamW for the rest, and the schedule of their rates.
@NullMarked
package ai.hadal.train.optimizer;

import org.jspecify.annotations.NullMarked;
