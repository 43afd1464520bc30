package ai.hadal.server.anthropic;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.reply.Finish;
import tools.jackson.databind.node.ObjectNode;

/// How a message ended, in Anthropic's words.
final class Ending {

    private Ending() {}

    /// Sets `stop_reason` and `stop_sequence`, and `malformed` if the model wrote something against the
    /// protocol: a list of `{"reason", "raw"}`. Calls before a fault are void, so the reason is not
    /// `tool_use` then.
    ///
    /// @throws ApiException if the server ended before the message did
    static void set(ObjectNode json, Finish finish) {
        json.put(
                "stop_reason",
                switch (finish.reason()) {
                    case STOP -> finish.stop() == null ? "end_turn" : "stop_sequence";
                    case CANCELLED -> throw ApiException.cutShort();
                    case TOOL_CALLS -> "tool_use";
                    case LENGTH -> "max_tokens";
                });
        json.put("stop_sequence", finish.stop());
        finish.tellFaults(json);
    }
}
