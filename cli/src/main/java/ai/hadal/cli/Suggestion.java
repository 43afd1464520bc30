package ai.hadal.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// What a mistyped word may have meant.
final class Suggestion {

    private Suggestion() {}

    /// The word that is nearest by edit distance, if it is near: at most a third of its letters differ, but two may.
    static Optional<String> nearest(String typed, Collection<String> words) {
        return words.stream()
                .min(Comparator.comparingInt(word -> distance(typed, word)))
                .filter(word -> distance(typed, word) <= Math.max(2, word.length() / 3));
    }

    /// Letters to insert, delete or replace to make one word of the other.
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
