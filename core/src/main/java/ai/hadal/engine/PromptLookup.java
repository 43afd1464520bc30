package ai.hadal.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Drafts what followed the last tokens where they stood in the text before: the longest such match, of equal ones the
/// latest. Code, quotations, tool calls and lists repeat themselves.
///
/// Places are found as in LZ77 compressors: a table leads from a hash of three tokens to the last place where such
/// three ended, and a chain from each place to the one before. A place that a rollback made stale is found out by
/// comparing.
final class PromptLookup implements Drafter {

    /// Tokens that must match.
    private static final int LEAST = 3;

    /// Tokens that are compared.
    private static final int MOST = 32;

    /// Places that are tried.
    private static final int TRIES = 32;

    private static final int HASH_BITS = 14;
    private static final int NONE = -1;

    /// The last place of a hash.
    private int[] last = {};

    /// The place before, of the same hash, for every place; always an earlier one.
    private int[] before = {};

    /// Places below this are in the table.
    private int indexed = LEAST - 1;

    /// End of the match that was offered.
    private int match;

    @Override
    public @Nullable Offer offer(Tokens text) {
        int end = text.length() - 1;
        if (end < LEAST) {
            return null;
        }
        index(text, end);
        int length = search(text, end);
        // Beyond the text its own end continues it.
        return length < LEAST ? null : new Offer(DraftKind.ofMatch(length), Integer.MAX_VALUE);
    }

    @Override
    public int[] draft(Tokens text, int length) {
        int period = text.length() - 1 - match;
        int[] drafts = new int[length];
        for (int i = 0; i < length; i++) {
            drafts[i] = i < period ? text.get(match + 1 + i) : drafts[i - period];
        }
        return drafts;
    }

    @Override
    public void truncated(int length) {
        indexed = Math.clamp(length, LEAST - 1, indexed);
    }

    /// Enters all places before `end`.
    private void index(Tokens text, int end) {
        if (last.length == 0) {
            last = new int[1 << HASH_BITS];
            Arrays.fill(last, NONE);
        }
        if (before.length < end) {
            before = Arrays.copyOf(before, Math.max(end, 2 * before.length));
        }
        for (; indexed < end; indexed++) {
            int hash = hash(text, indexed);
            before[indexed] = placeBefore(indexed, last[hash]);
            last[hash] = indexed;
        }
    }

    /// The first place of a chain that lies before `end`: later ones are stale.
    private int placeBefore(int end, int place) {
        int p = place;
        while (p >= end) {
            p = before[p];
        }
        return p;
    }

    /// Finds the match; returns its length, 0 when there is none.
    private int search(Tokens text, int end) {
        int longest = 0;
        int place = placeBefore(end, last[hash(text, end)]);
        for (int tries = 0; place != NONE && tries < TRIES && longest < MOST; tries++) {
            int length = matching(text, place, end);
            if (length > longest) {
                longest = length;
                match = place;
            }
            place = before[place];
        }
        return longest;
    }

    private static int matching(Tokens text, int place, int end) {
        int n = 0;
        while (n < MOST && n <= place && text.get(place - n) == text.get(end - n)) {
            n++;
        }
        return n;
    }

    private static int hash(Tokens text, int end) {
        int h = 0;
        for (int i = LEAST - 1; i >= 0; i--) {
            h = h * 0x2C1B3C6D + text.get(end - i) * 0x297A2D39;
            h ^= h >>> 15;
        }
        return h >>> (Integer.SIZE - HASH_BITS);
    }
}
