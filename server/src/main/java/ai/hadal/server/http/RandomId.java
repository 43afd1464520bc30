package ai.hadal.server.http;

import java.util.UUID;

/// Ids of requests and answers.
public final class RandomId {

    private RandomId() {}

    /// A new id: the prefix and 32 hexadecimal digits.
    public static String of(String prefix) {
        return prefix + UUID.randomUUID().toString().replace("-", "");
    }
}
