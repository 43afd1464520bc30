package ai.hadal.server.openai;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.reply.Finish;

/// How a choice ended, in OpenAI's words.
final class FinishJson {

    private FinishJson() {}

    /// @throws ApiException if the server ended before the answer did
    static String reason(Finish finish) {
        return switch (finish.reason()) {
            case STOP -> "stop";
            case TOOL_CALLS -> "tool_calls";
            case LENGTH -> "length";
            case CANCELLED -> throw ApiException.cutShort();
        };
    }
}
