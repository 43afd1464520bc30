/// The data of the built-in model: questions with worked answers, drawn from a seed, and the exam on those held out.
@NullMarked
package ai.hadal.train.nano;

import org.jspecify.annotations.NullMarked;
