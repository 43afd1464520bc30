/// Conversations whose answers come from an OpenAI-compatible server.
@NullMarked
package ai.hadal.cli.remote;

import org.jspecify.annotations.NullMarked;
