package ai.hadal.server.http;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.server.http.ApiException.Kind;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The names under which the served model is known, and how much each of them reasons by default.
///
/// @param served its own name
/// @param mode how much it reasons if a request does not say
public record ModelNames(String served, ThinkingMode mode) {

    /// Names of DeepSeek's own service, which programs have written into them.
    private static final Map<String, ThinkingMode> ALIASES =
            Map.of("deepseek-chat", ThinkingMode.NON_THINK, "deepseek-reasoner", ThinkingMode.HIGH);

    /// More such names, which say nothing about reasoning.
    private static final Set<String> SYNONYMS = Set.of("deepseek-v4-flash", "deepseek-v4-pro");

    /// How much a model reasons by default.
    ///
    /// @param name as in a request; null for the served one
    /// @throws ApiException if there is no such model
    public ThinkingMode mode(@Nullable String name) {
        if (name == null || name.equals(served) || SYNONYMS.contains(name)) {
            return mode;
        }
        var alias = ALIASES.get(name);
        if (alias == null) {
            throw new ApiException(
                    Kind.NOT_FOUND,
                    "model_not_found",
                    "model",
                    "there is no model '" + name + "' here; use '" + served + "'");
        }
        return alias;
    }
}
