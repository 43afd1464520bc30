package ai.hadal.server.openai;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.server.http.Fields;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How much to reason, in all the ways in which clients say it: DeepSeek's `thinking` and
/// `reasoning_effort`, OpenAI's efforts, and the template switches of other servers.
final class ThinkingFields {

    private static final int NO_LIMIT = -1;

    private ThinkingFields() {}

    /// @param otherwise the mode of a request that does not say
    static ThinkingMode mode(Fields body, ThinkingMode otherwise) {
        var mode = switched(body, otherwise);
        String effort = effort(body);
        if (effort == null || (mode == ThinkingMode.NON_THINK && isSwitched(body))) {
            return mode;
        }
        return mode(effort);
    }

    /// The mode of an effort's name.
    static ThinkingMode mode(String effort) {
        return switch (effort) {
            case "none", "minimal" -> ThinkingMode.NON_THINK;
            case "max", "xhigh" -> ThinkingMode.MAX;
            default -> ThinkingMode.HIGH;
        };
    }

    private static @Nullable String effort(Fields body) {
        var efforts = Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
        String effort = body.has("reasoning_effort") ? body.oneOf("reasoning_effort", "", efforts) : null;
        var reasoning = body.object("reasoning");
        return effort == null && reasoning != null && reasoning.has("effort")
                ? reasoning.oneOf("effort", "", efforts)
                : effort;
    }

    private static boolean isSwitched(Fields body) {
        return body.has("thinking") || body.has("enable_thinking") || body.has("chat_template_kwargs");
    }

    private static ThinkingMode switched(Fields body, ThinkingMode otherwise) {
        var thinking = body.object("thinking");
        if (thinking != null) {
            String type = thinking.oneOf("type", "enabled", Set.of("enabled", "disabled", "adaptive"));
            return on(!type.equals("disabled"), otherwise);
        }
        if (body.has("enable_thinking")) {
            return on(body.bool("enable_thinking", true), otherwise);
        }
        var template = body.object("chat_template_kwargs");
        if (template != null && (template.has("thinking") || template.has("enable_thinking"))) {
            return on(template.bool("thinking", template.bool("enable_thinking", true)), otherwise);
        }
        return otherwise;
    }

    private static ThinkingMode on(boolean thinks, ThinkingMode otherwise) {
        if (!thinks) {
            return ThinkingMode.NON_THINK;
        }
        return otherwise.thinks() ? otherwise : ThinkingMode.HIGH;
    }

    /// Most tokens of reasoning, -1 for no limit.
    static int budget(Fields body) {
        int most = body.integer("max_thinking_tokens", NO_LIMIT, NO_LIMIT, Integer.MAX_VALUE);
        var thinking = body.object("thinking");
        return most == NO_LIMIT && thinking != null
                ? thinking.integer("budget_tokens", NO_LIMIT, NO_LIMIT, Integer.MAX_VALUE)
                : most;
    }
}
