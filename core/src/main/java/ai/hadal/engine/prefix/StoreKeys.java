package ai.hadal.engine.prefix;

import ai.hadal.model.EntryBlock;
import ai.hadal.model.Sha256;
import java.nio.ByteBuffer;

/// Keys of values in a [BlockStore], a chain of SHA-256: the first one of the model's fingerprint, which
/// covers the profile; that of a block of the key before it and the block's tokens; that of a snapshot of the
/// key of the block that it follows, its length and the tokens behind that block.
final class StoreKeys {

    /// Goes into all keys; another form of values gets another number.
    private static final String FORM = "hadal prefix 1 ";

    private static final byte BLOCK = 'B';
    private static final byte SNAPSHOT = 'S';

    private StoreKeys() {}

    /// The key that stands before the first block.
    static byte[] first(String fingerprint) {
        return Sha256.of(FORM + fingerprint);
    }

    /// The key of the block with tokens `ids[from ..]`.
    static byte[] block(byte[] previous, int[] ids, int from) {
        return key(previous, BLOCK, from + EntryBlock.TOKENS, ids, from, EntryBlock.TOKENS);
    }

    /// The key of the snapshot that `n` tokens `ids[from ..]` part from the block before it.
    static byte[] snapshot(byte[] previous, int length, int[] ids, int from, int n) {
        return key(previous, SNAPSHOT, length, ids, from, n);
    }

    private static byte[] key(byte[] previous, byte kind, int length, int[] ids, int from, int n) {
        var bytes = ByteBuffer.allocate(1 + Integer.BYTES * (1 + n));
        bytes.put(kind).putInt(length);
        bytes.asIntBuffer().put(ids, from, n);
        var digest = Sha256.digest();
        digest.update(previous);
        return digest.digest(bytes.array());
    }
}
