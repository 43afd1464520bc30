package ai.hadal.engine.disk;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What stands before a value in a segment: magic, length of the value, key, CRC-32C of the value, and a
/// CRC-32C of all this with the file's salt and the record's position. So a record counts in its own file and
/// place only: old blocks of a disk that come back after a crash are no records.
///
/// @param length of the value, in bytes
record RecordHeader(StoreKey key, int length, int valueSum) {

    private static final int MAGIC = 0x48524543; // HREC

    private static final int SUMMED_BYTES = Integer.BYTES + Integer.BYTES + StoreKey.BYTES + Integer.BYTES;
    static final int BYTES = SUMMED_BYTES + Integer.BYTES;

    /// Bytes of a record with a value of this length.
    static long recordBytes(int length) {
        return (long) BYTES + length;
    }

    ByteBuffer encode(long salt, long position) {
        var bytes = ByteBuffer.allocate(BYTES);
        bytes.putInt(MAGIC).putInt(length);
        key.write(bytes);
        bytes.putInt(valueSum);
        bytes.putInt(sum(bytes, salt, position));
        return bytes.flip();
    }

    /// The header in these [#BYTES], or null where there is none.
    static @Nullable RecordHeader decode(ByteBuffer bytes, long salt, long position) {
        int sum = sum(bytes, salt, position);
        int magic = bytes.getInt();
        int length = bytes.getInt();
        var header = new RecordHeader(StoreKey.read(bytes), length, bytes.getInt());
        return magic == MAGIC && length >= 0 && bytes.getInt() == sum ? header : null;
    }

    private static int sum(ByteBuffer bytes, long salt, long position) {
        var all = ByteBuffer.allocate(2 * Long.BYTES + SUMMED_BYTES);
        all.putLong(salt).putLong(position).put(bytes.slice(0, SUMMED_BYTES));
        return Checksum.of(all.flip());
    }
}
