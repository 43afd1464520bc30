/// From a request in any dialect to a reply: prompts with what the server remembers of earlier turns,
/// generation through the scheduler, and the reply's events.
@NullMarked
package ai.hadal.server.reply;

import org.jspecify.annotations.NullMarked;
