/// tokenizer.json and GGUF vocabularies to token ids and back.
@NullMarked
package ai.hadal.tokenizer;

import org.jspecify.annotations.NullMarked;
