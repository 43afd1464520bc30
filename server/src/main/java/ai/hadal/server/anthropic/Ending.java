package ai.hadal.server.anthropic;

import ai.hadal.chat.ReplyEvent;
import ai.hadal.server.reply.Finish;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// How a message ended, in Anthropic's words.
final class Ending {

    private Ending() {}

    /// A call without an object for its arguments.
    static ReplyEvent.Malformed noObject(String name, String arguments) {
        return new ReplyEvent.Malformed("The arguments of the call of '" + name + "' are no JSON object", arguments);
    }

    /// Sets `stop_reason` and `stop_sequence`, and `malformed` if the model wrote something against the
    /// protocol: a list of `{"reason", "raw"}`. Calls before a fault are void, so the reason is not
    /// `tool_use` then.
    ///
    /// @param calls faults in calls that are well-formed otherwise
    static void set(ObjectNode json, Finish finish, List<ReplyEvent.Malformed> calls) {
        // A fault of the protocol holds the text of all calls already.
        var faults = finish.faults().isEmpty() ? calls : finish.faults();
        json.put(
                "stop_reason",
                switch (finish.reason()) {
                    case STOP -> finish.stop() == null ? "end_turn" : "stop_sequence";
                    case CANCELLED -> "end_turn";
                    case TOOL_CALLS -> faults.isEmpty() ? "tool_use" : "end_turn";
                    case LENGTH -> "max_tokens";
                });
        json.put("stop_sequence", finish.stop());
        if (!faults.isEmpty()) {
            var list = json.putArray("malformed");
            faults.forEach(
                    fault -> list.addObject().put("reason", fault.reason()).put("raw", fault.raw()));
        }
    }
}
