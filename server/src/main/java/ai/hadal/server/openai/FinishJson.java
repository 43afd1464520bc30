package ai.hadal.server.openai;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.reply.Finish;
import tools.jackson.databind.node.ObjectNode;

/// How a choice ended, in OpenAI's words.
final class FinishJson {

    private FinishJson() {}

    /// @throws ApiException if the server ended before the answer did: half an answer is not passed off as a
    ///     whole one
    static String reason(Finish finish) {
        return switch (finish.reason()) {
            case STOP -> "stop";
            case TOOL_CALLS -> "tool_calls";
            case LENGTH -> "length";
            case CANCELLED ->
                throw new ApiException(
                        Kind.UNAVAILABLE,
                        "shutting_down",
                        null,
                        "the server is shutting down and ended before the answer did; ask again");
        };
    }

    /// Reports what the model wrote against the protocol: `malformed`, a list of `{"reason", "raw"}`. Calls
    /// that were streamed before a fault are void; a `finish_reason` other than `tool_calls` says so.
    static void faults(ObjectNode choice, Finish finish) {
        if (!finish.faults().isEmpty()) {
            var faults = choice.putArray("malformed");
            finish.faults()
                    .forEach(fault ->
                            faults.addObject().put("reason", fault.reason()).put("raw", fault.raw()));
        }
    }
}
