package ai.hadal.engine.disk;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// CRC-32C.
final class Checksum {

    private Checksum() {}

    /// Of the bytes between position and limit, which stay as they are.
    static int of(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    static int of(byte[] bytes) {
        return of(ByteBuffer.wrap(bytes));
    }
}
