package ai.hadal.train.data;

import java.util.Arrays;

/// Numbers without a box around each.
final class LongList {

    private long[] numbers = new long[16];
    private int size;

    void add(long number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * size);
        }
        numbers[size++] = number;
    }

    long get(int i) {
        return numbers[i];
    }

    int size() {
        return size;
    }
}
