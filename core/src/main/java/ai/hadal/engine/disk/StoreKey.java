package ai.hadal.engine.disk;

import java.nio.ByteBuffer;

/// A key: 32 bytes, as a value that compares by its content.
record StoreKey(long a, long b, long c, long d) {

    static final int BYTES = 32;

    /// @throws IllegalArgumentException when it has another length
    static StoreKey of(byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException("a key has " + BYTES + " bytes, not " + key.length);
        }
        return read(ByteBuffer.wrap(key));
    }

    static StoreKey read(ByteBuffer bytes) {
        return new StoreKey(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    void write(ByteBuffer bytes) {
        bytes.putLong(a).putLong(b).putLong(c).putLong(d);
    }
}
