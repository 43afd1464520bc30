package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A position in a mapped GGUF file; every read is checked against the file's end.
final class GgufCursor {

    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long MAX_NAME_BYTES = 1 << 16;

    private final Path file;
    private final MemorySegment bytes;
    private long at;

    GgufCursor(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    long position() {
        return at;
    }

    long remaining() {
        return bytes.byteSize() - at;
    }

    int readInt(String what) {
        return bytes.get(INT, advance(Integer.BYTES, what));
    }

    long readLong(String what) {
        return bytes.get(LONG, advance(Long.BYTES, what));
    }

    /// A count of things that take at least `smallest` bytes each, so no larger than the rest of the file allows.
    long readCount(long smallest, String what) {
        long count = readLong(what);
        if (count < 0 || count > remaining() / smallest) {
            throw new HadalException(
                    file + " declares " + Long.toUnsignedString(count) + " " + what + ", more than its "
                            + bytes.byteSize() + " bytes can hold, so it is truncated or damaged; download it again");
        }
        return count;
    }

    /// A key or a tensor's name: its length in eight bytes, then UTF-8.
    String readName(String what) {
        long length = readCount(1, "bytes of " + what);
        if (length > MAX_NAME_BYTES) {
            throw new HadalException(
                    file + " has " + length + " bytes of " + what + ", which is damage; download it again");
        }
        String name = string(bytes, advance(length, what), (int) length);
        if (!Text.isPrintable(name)) {
            throw new HadalException(
                    file + " has control characters in " + what + ", which is damage; download it again");
        }
        return name;
    }

    void skipString(String what) {
        long length = readCount(1, "bytes of " + what);
        skip(length, what);
    }

    void skip(long count, String what) {
        advance(count, what);
    }

    static String string(MemorySegment bytes, long offset, int length) {
        return new String(bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private long advance(long count, String what) {
        if (count < 0 || count > remaining()) {
            throw new HadalException(
                    file + " ends in the middle of " + what + ", so it is truncated; download it again");
        }
        long before = at;
        at += count;
        return before;
    }
}
