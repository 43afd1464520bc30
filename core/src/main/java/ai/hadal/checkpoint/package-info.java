/// Files to named, typed, mapped tensors: safetensors, GGUF and config.json; and the writing of both. Knows
/// no model.
@NullMarked
package ai.hadal.checkpoint;

import org.jspecify.annotations.NullMarked;
