/// The Messages API of Anthropic.
@NullMarked
package ai.hadal.server.anthropic;

import org.jspecify.annotations.NullMarked;
