package ai.hadal.backend.host;

import java.util.Arrays;

/// Selection of the largest values with ties to the lower index. NaN counts as lowest, -0 as +0, so that the choice
/// is a total order.
final class TopK {

    /// Sign, exponent and three mantissa bits.
    private static final int UPPER_BITS = 12;

    private TopK() {}

    /// An int that orders as the float does.
    private static int key(float value) {
        if (Float.isNaN(value)) {
            return Integer.MIN_VALUE;
        }
        int bits = Float.floatToRawIntBits(value + 0f);
        return bits ^ ((bits >> 31) & 0x7FFFFFFF);
    }

    /// Writes the indices of the k largest of `values`, largest first; requires k <= values.length.
    static void descending(float[] values, int k, int[] out, int offset) {
        for (int count = 0; count < k; count++) {
            int best = -1;
            for (int i = 0; i < values.length; i++) {
                if (!contains(out, offset, count, i) && (best < 0 || key(values[i]) > key(values[best]))) {
                    best = i;
                }
            }
            out[offset + count] = best;
        }
    }

    private static boolean contains(int[] out, int offset, int count, int value) {
        for (int i = 0; i < count; i++) {
            if (out[offset + i] == value) {
                return true;
            }
        }
        return false;
    }

    /// Writes the indices (from `first` on) of the k largest of `values[first .. first+n-1]` in ascending order and
    /// returns how many there are.
    static int ascending(float[] values, int first, int n, int k, int[] out, int offset) {
        if (n <= k) {
            for (int i = 0; i < n; i++) {
                out[offset + i] = i;
            }
            return n;
        }
        int[] keys = new int[n];
        for (int i = 0; i < n; i++) {
            keys[i] = key(values[first + i]);
        }
        int threshold = kthLargest(keys, k);
        int above = 0;
        for (int key : keys) {
            above += key > threshold ? 1 : 0;
        }
        int ties = k - above;
        int count = 0;
        for (int i = 0; count < k; i++) {
            if (keys[i] > threshold || (keys[i] == threshold && ties-- > 0)) {
                out[offset + count++] = i;
            }
        }
        return k;
    }

    /// The k-th largest key: the group of its upper bits is found by counting, then its lower bits among the few keys
    /// of that group.
    private static int kthLargest(int[] keys, int k) {
        int[] counts = new int[1 << UPPER_BITS];
        for (int key : keys) {
            counts[(key ^ Integer.MIN_VALUE) >>> -UPPER_BITS]++;
        }
        int group = counts.length - 1;
        int left = k;
        while (counts[group] < left) {
            left -= counts[group--];
        }
        int[] members = new int[counts[group]];
        int n = 0;
        for (int key : keys) {
            if ((key ^ Integer.MIN_VALUE) >>> -UPPER_BITS == group) {
                members[n++] = key;
            }
        }
        Arrays.sort(members);
        return members[n - left];
    }
}
