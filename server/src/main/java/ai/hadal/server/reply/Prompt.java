package ai.hadal.server.reply;

import ai.hadal.chat.Message;
import java.util.List;

/// A prompt ready to be read.
///
/// @param ids its tokens
/// @param boundaries lengths at which a later prompt is likely to part from this one
/// @param opensReasoning whether the reply starts with reasoning
/// @param conversation the messages that it tells, as their client knows them; empty if it is no
///     conversation
record Prompt(int[] ids, int[] boundaries, boolean opensReasoning, List<Message> conversation) {}
