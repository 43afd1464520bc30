package ai.hadal.tokenizer;

import java.util.Arrays;

/// A growing list of ints.
final class IntList {

    private int[] elements = new int[16];
    private int size;

    void add(int element) {
        if (size == elements.length) {
            elements = Arrays.copyOf(elements, size + (size >> 1));
        }
        elements[size++] = element;
    }

    void addAll(int[] more) {
        if (more.length > elements.length - size) {
            elements = Arrays.copyOf(elements, Math.max(size + more.length, size + (size >> 1)));
        }
        System.arraycopy(more, 0, elements, size, more.length);
        size += more.length;
    }

    int get(int index) {
        return elements[index];
    }

    void set(int index, int element) {
        elements[index] = element;
    }

    int size() {
        return size;
    }

    /// The elements from an index on.
    int[] toArray(int from) {
        return Arrays.copyOfRange(elements, from, size);
    }
}
