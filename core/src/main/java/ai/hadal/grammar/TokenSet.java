package ai.hadal.grammar;

import java.util.Arrays;

/// An immutable set of token ids, one bit an id.
public final class TokenSet {

    private static final TokenSet EMPTY = new TokenSet(new long[0]);

    private final long[] words;

    private TokenSet(long[] words) {
        this.words = words;
    }

    /// The set of these ids.
    ///
    /// @throws IllegalArgumentException if one is negative
    public static TokenSet of(int... ids) {
        TokenSet set = EMPTY;
        for (int id : ids) {
            set = set.with(id);
        }
        return set;
    }

    /// Takes the bits over: the caller changes them no more.
    static TokenSet ofBits(long[] words) {
        return new TokenSet(words);
    }

    /// Whether the id is in the set; false for any id that no vocabulary has.
    public boolean contains(int id) {
        int word = id >> 6;
        return id >= 0 && word < words.length && (words[word] & (1L << id)) != 0;
    }

    /// The number of ids in the set.
    public int size() {
        int size = 0;
        for (long word : words) {
            size += Long.bitCount(word);
        }
        return size;
    }

    public boolean isEmpty() {
        return next(0) < 0;
    }

    /// The smallest id in the set that is `from` or more, or -1: `for (int id = s.next(0); id >= 0; id =
    /// s.next(id + 1))` visits all.
    ///
    /// @param from not negative
    public int next(int from) {
        int word = from >> 6;
        if (word >= words.length) {
            return -1;
        }
        long rest = words[word] & (-1L << from);
        while (rest == 0) {
            if (++word == words.length) {
                return -1;
            }
            rest = words[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(rest);
    }

    /// Sets the values of all ids that are not in the set.
    ///
    /// @param values one for each id, from 0
    public void fillOutside(float[] values, float value) {
        for (int from = 0; from < values.length; from += Long.SIZE) {
            int word = from >> 6;
            long outside = word < words.length ? ~words[word] : -1L;
            int end = Math.min(values.length, from + Long.SIZE);
            if (outside == -1L) {
                Arrays.fill(values, from, end, value);
                continue;
            }
            for (; outside != 0; outside &= outside - 1) {
                int id = from + Long.numberOfTrailingZeros(outside);
                if (id < end) {
                    values[id] = value;
                }
            }
        }
    }

    /// The ids in both sets.
    public TokenSet and(TokenSet other) {
        var both = new long[Math.min(words.length, other.words.length)];
        for (int i = 0; i < both.length; i++) {
            both[i] = words[i] & other.words[i];
        }
        return new TokenSet(both);
    }

    /// The set with one more id.
    ///
    /// @throws IllegalArgumentException if the id is negative
    public TokenSet with(int id) {
        if (id < 0) {
            throw new IllegalArgumentException("A token id is never negative, but this one is " + id);
        }
        if (contains(id)) {
            return this;
        }
        long[] more = Arrays.copyOf(words, Math.max(words.length, (id >> 6) + 1));
        more[id >> 6] |= 1L << id;
        return new TokenSet(more);
    }

    /// The set without an id.
    public TokenSet without(int id) {
        if (!contains(id)) {
            return this;
        }
        long[] fewer = words.clone();
        fewer[id >> 6] &= ~(1L << id);
        return new TokenSet(fewer);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof TokenSet set)) {
            return false;
        }
        int shorter = Math.min(words.length, set.words.length);
        return Arrays.equals(words, 0, shorter, set.words, 0, shorter)
                && next(shorter << 6) < 0
                && set.next(shorter << 6) < 0;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (int i = 0; i < words.length; i++) {
            hash += Long.hashCode(words[i]) * (2 * i + 1);
        }
        return hash;
    }

    @Override
    public String toString() {
        var ids = new StringBuilder("{");
        for (int id = next(0); id >= 0; id = next(id + 1)) {
            ids.append(ids.length() > 1 ? ", " : "").append(id);
        }
        return ids.append('}').toString();
    }
}
