package ai.hadal.server.reply;

/// SHA-256 for dialects, which know nothing of models.
public final class Sha256 {

    private Sha256() {}

    /// The hash of a text in UTF-8, 32 bytes.
    public static byte[] of(String text) {
        return ai.hadal.model.Sha256.of(text);
    }
}
