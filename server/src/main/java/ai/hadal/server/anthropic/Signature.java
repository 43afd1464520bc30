package ai.hadal.server.anthropic;

import ai.hadal.model.Sha256;
import java.util.Base64;

/// The `signature` of a thinking block. Clients take it for a seal and refuse blocks without one; it is a hash
/// of the text, and requests are not checked against it: a client may bring reasoning from elsewhere.
final class Signature {

    private Signature() {}

    static String of(String thinking) {
        return Base64.getEncoder().encodeToString(Sha256.of(thinking));
    }
}
