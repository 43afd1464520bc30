package ai.hadal.server.openai;

import ai.hadal.server.reply.Finish;
import tools.jackson.databind.node.ObjectNode;

/// How a choice ended, in OpenAI's words.
final class FinishJson {

    private FinishJson() {}

    static String reason(Finish finish) {
        return switch (finish.reason()) {
            case STOP, CANCELLED -> "stop";
            case TOOL_CALLS -> "tool_calls";
            case LENGTH -> "length";
        };
    }

    /// Reports what the model wrote against the protocol: `malformed`, a list of `{"reason", "raw"}`. Calls
    /// that were
    /// streamed before a fault are void; a `finish_reason` other than `tool_calls` says so.
    static void faults(ObjectNode choice, Finish finish) {
        if (!finish.faults().isEmpty()) {
            var faults = choice.putArray("malformed");
            finish.faults()
                    .forEach(fault ->
                            faults.addObject().put("reason", fault.reason()).put("raw", fault.raw()));
        }
    }
}
