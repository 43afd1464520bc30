package ai.hadal.train.tokenizer;

/// Which symbols may become one. Scripts without spaces come in long pieces, where counting alone would join phrases
/// and cut characters; so characters beyond ASCII are put together first, and then at most two of them.
final class Spelling {

    private static final int MOST_WIDE = 2;

    private Spelling() {}

    /// Whether both are whole characters, few enough of them wide, or both belong to one character.
    static boolean mayJoin(byte[] left, byte[] right) {
        boolean leftWhole = isWhole(left);
        boolean rightWhole = isWhole(right);
        if (leftWhole && rightWhole) {
            int wide = wide(left) + wide(right);
            return wide <= MOST_WIDE;
        }
        return !leftWhole
                && !rightWhole
                && !isStart(right[0])
                && isStart(left[0])
                && left.length + right.length <= length(left[0]);
    }

    /// Whether the bytes are complete characters.
    private static boolean isWhole(byte[] bytes) {
        int i = 0;
        while (i < bytes.length && isStart(bytes[i])) {
            i += length(bytes[i]);
        }
        return i == bytes.length;
    }

    private static boolean isStart(byte b) {
        return (b & 0xC0) != 0x80;
    }

    /// Bytes of a character by its first one.
    private static int length(byte first) {
        int b = first & 0xFF;
        return b < 0x80 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
    }

    private static int wide(byte[] bytes) {
        int wide = 0;
        for (byte b : bytes) {
            wide += isStart(b) && b < 0 ? 1 : 0;
        }
        return wide;
    }
}
