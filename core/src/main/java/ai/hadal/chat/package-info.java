/// Messages, tools and reasoning modes: prompt encoding and the parsing of replies. Speaks text, knows no engine.
@NullMarked
package ai.hadal.chat;

import org.jspecify.annotations.NullMarked;
