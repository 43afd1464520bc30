/// Engine, sessions, generation and sampling. Speaks token ids, knows no chat.
@NullMarked
package ai.hadal.engine;

import org.jspecify.annotations.NullMarked;
