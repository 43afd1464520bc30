/// A byte-pair tokenizer learnt from text.
@NullMarked
package ai.hadal.train.tokenizer;

import org.jspecify.annotations.NullMarked;
