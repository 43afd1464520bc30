package ai.hadal.train.tokenizer;

import java.util.Arrays;

/// A piece as the symbols that it is made of so far.
final class Word {

    final long count;
    private int[] symbols;

    Word(int[] symbols, long count) {
        this.symbols = symbols;
        this.count = count;
    }

    int length() {
        return symbols.length;
    }

    int symbol(int i) {
        return symbols[i];
    }

    boolean has(int left, int right) {
        for (int i = 0; i + 1 < symbols.length; i++) {
            if (symbols[i] == left && symbols[i + 1] == right) {
                return true;
            }
        }
        return false;
    }

    /// Replaces the pair wherever it stands, from left to right.
    void merge(int left, int right, int merged) {
        int length = 0;
        for (int i = 0; i < symbols.length; i++) {
            if (i + 1 < symbols.length && symbols[i] == left && symbols[i + 1] == right) {
                symbols[length++] = merged;
                i++;
            } else {
                symbols[length++] = symbols[i];
            }
        }
        symbols = Arrays.copyOf(symbols, length);
    }
}
