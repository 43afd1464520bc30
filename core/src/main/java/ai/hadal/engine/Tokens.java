package ai.hadal.engine;

import java.util.Arrays;

/// Token ids that grow at their end.
final class Tokens {

    private int[] ids;
    private int length;

    Tokens(int... ids) {
        this.ids = ids.clone();
        this.length = ids.length;
    }

    int length() {
        return length;
    }

    int get(int index) {
        return ids[index];
    }

    void append(int... more) {
        if (ids.length - length < more.length) {
            ids = Arrays.copyOf(ids, Math.max(length + more.length, 2 * length));
        }
        System.arraycopy(more, 0, ids, length, more.length);
        length += more.length;
    }

    /// Forgets the last ids so that `newLength` remain.
    void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException(newLength + " of " + length + " tokens cannot remain");
        }
        length = newLength;
    }

    /// The ids from `from` up to `to`.
    int[] range(int from, int to) {
        return Arrays.copyOfRange(ids, from, to);
    }

    int[] toArray() {
        return range(0, length);
    }

    /// The first index at which these ids and `other` differ, or the length of the shorter one.
    int commonPrefix(int[] other) {
        int at = Arrays.mismatch(ids, 0, length, other, 0, other.length);
        return at < 0 ? length : at;
    }
}
