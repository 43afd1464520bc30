package ai.hadal.server.anthropic;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.server.http.Fields;
import java.util.Set;

/// How much to reason.
///
/// @param maxTokens most tokens of reasoning, -1 for no limit but the answer's
/// @param shown whether the client wants to read the reasoning
record Thinking(ThinkingMode mode, int maxTokens, boolean shown) {

    private static final int NO_LIMIT = -1;

    /// `thinking` switches it on, and the effort of `output_config` says how much of it there is.
    static Thinking read(Fields body) {
        var mode = effort(body);
        var thinking = body.object("thinking");
        if (thinking == null) {
            return new Thinking(ThinkingMode.NON_THINK, NO_LIMIT, true);
        }
        thinking.required("type");
        String type = thinking.oneOf("type", "", Set.of("enabled", "disabled", "adaptive", "between_tools"));
        int most = thinking.integer("budget_tokens", NO_LIMIT, 1, Integer.MAX_VALUE);
        String display = thinking.oneOf("display", "summarized", Set.of("summarized", "omitted"));
        return type.equals("disabled")
                ? new Thinking(ThinkingMode.NON_THINK, NO_LIMIT, true)
                : new Thinking(mode, most, !display.equals("omitted"));
    }

    private static ThinkingMode effort(Fields body) {
        var config = body.object("output_config");
        String effort = config == null
                ? "high"
                : config.oneOf("effort", "high", Set.of("low", "medium", "high", "xhigh", "max"));
        return effort.equals("xhigh") || effort.equals("max") ? ThinkingMode.MAX : ThinkingMode.HIGH;
    }
}
