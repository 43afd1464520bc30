package ai.hadal.server.openai;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.reply.Finish;

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
}
