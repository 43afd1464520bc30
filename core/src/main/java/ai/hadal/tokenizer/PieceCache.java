package ai.hadal.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Remembers the ids of short pieces: text repeats its words, and a lookup is far cheaper than merging. A fixed
/// number of slots, each holding the last piece that hashed to it, so memory is bounded (some 3 MiB, at the very
/// worst 13) whatever the text.
///
/// Threads share it without locks: a slot is read and written racily, but an entry's fields are final, so whoever
/// sees an entry sees all of it, and every entry is right for its piece.
final class PieceCache {

    private static final int SLOT_BITS = 15;
    private static final int MAX_UNITS = 24;

    private final @Nullable Entry[] slots = new @Nullable Entry[1 << SLOT_BITS];

    private static final class Entry {
        final char[] piece;
        final int[] ids;

        Entry(char[] piece, int[] ids) {
            this.piece = piece;
            this.ids = ids;
        }
    }

    /// Whether pieces of this length are kept.
    static boolean keeps(int start, int end) {
        return end - start <= MAX_UNITS;
    }

    /// The ids of the piece, or null if they are not here. The array must not be changed.
    int @Nullable [] get(char[] text, int start, int end) {
        var entry = slots[slot(text, start, end)];
        return entry != null && Arrays.equals(entry.piece, 0, entry.piece.length, text, start, end) ? entry.ids : null;
    }

    void put(char[] text, int start, int end, int[] ids) {
        slots[slot(text, start, end)] = new Entry(Arrays.copyOfRange(text, start, end), ids);
    }

    private static int slot(char[] text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + text[i];
        }
        return (hash * 0x9E3779B9) >>> (Integer.SIZE - SLOT_BITS);
    }
}
