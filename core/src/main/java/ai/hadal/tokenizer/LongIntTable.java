package ai.hadal.tokenizer;

import java.util.Arrays;

/// A hash table from non-negative longs to non-negative ints: linear probing in two flat arrays, at most half full,
/// so that a lookup costs one or two cache lines and no object. Filled once, then only read.
final class LongIntTable {

    private static final long EMPTY = -1;

    private long[] keys;
    private int[] values;
    private int size;

    LongIntTable(int expected) {
        int capacity = Integer.highestOneBit(Math.max(expected, 8)) << 2;
        keys = new long[capacity];
        values = new int[capacity];
        Arrays.fill(keys, EMPTY);
    }

    /// The value of the key, or -1.
    int get(long key) {
        int slot = slot(keys, key);
        return keys[slot] == EMPTY ? -1 : values[slot];
    }

    /// Adds the key if it is new; returns the value it had before, or -1.
    int putIfAbsent(long key, int value) {
        int slot = slot(keys, key);
        if (keys[slot] != EMPTY) {
            return values[slot];
        }
        keys[slot] = key;
        values[slot] = value;
        if (++size > keys.length >> 1) {
            grow();
        }
        return -1;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length << 1];
        values = new int[oldKeys.length << 1];
        Arrays.fill(keys, EMPTY);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int slot = slot(keys, oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    /// The key's slot, or the empty one where it belongs.
    private static int slot(long[] keys, long key) {
        long hash = key * 0x9E3779B97F4A7C15L;
        int mask = keys.length - 1;
        int slot = (int) (hash >>> 32) & mask;
        while (keys[slot] != key && keys[slot] != EMPTY) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
