package ai.hadal.server.openai;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The `encrypted_content` of reasoning, which clients send back as it is. Nothing is secret about it: the client got
/// the reasoning, too.
final class SealedReasoning {

    private static final String OURS = "hadal.";

    private SealedReasoning() {}

    static String of(String reasoning) {
        return OURS + Base64.getEncoder().encodeToString(reasoning.getBytes(StandardCharsets.UTF_8));
    }

    /// @return null if it is none of ours
    static @Nullable String read(@Nullable String sealed) {
        if (sealed == null || !sealed.startsWith(OURS)) {
            return null;
        }
        try {
            return new String(Base64.getDecoder().decode(sealed.substring(OURS.length())), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
