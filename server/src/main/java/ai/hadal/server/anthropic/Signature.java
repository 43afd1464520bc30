package ai.hadal.server.anthropic;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// The `signature` of a thinking block. Clients take it for a seal and refuse blocks without one; it is a hash
/// of the text, and requests are not checked against it: a client may bring reasoning from elsewhere.
final class Signature {

    private Signature() {}

    static String of(String thinking) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(thinking.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
