package ai.hadal.tokenizer;

import java.util.Arrays;

/// The 256 characters by which GPT-2 style vocabularies spell bytes: a byte that is a visible Latin-1 character
/// stands for itself, the others take U+0100 and up in ascending order (a space is U+0120, `Ġ`).
public final class ByteAlphabet {

    private static final char[] SYMBOLS = new char[256];
    private static final short[] BYTES;

    static {
        char next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
            SYMBOLS[b] = visible ? (char) b : next++;
        }
        BYTES = new short[next];
        Arrays.fill(BYTES, (short) -1);
        for (int b = 0; b < 256; b++) {
            BYTES[SYMBOLS[b]] = (short) b;
        }
    }

    private ByteAlphabet() {}

    /// The character that spells the byte, 0 to 255.
    public static char symbol(int value) {
        return SYMBOLS[value];
    }

    /// The byte that the character spells, 0 to 255, or -1 if it is none of the alphabet.
    static int value(char symbol) {
        return symbol < BYTES.length ? BYTES[symbol] : -1;
    }
}
