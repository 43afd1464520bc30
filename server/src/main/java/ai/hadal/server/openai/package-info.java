/// The OpenAI API with DeepSeek's extensions: chat completions, completions, responses, models.
@NullMarked
package ai.hadal.server.openai;

import org.jspecify.annotations.NullMarked;
