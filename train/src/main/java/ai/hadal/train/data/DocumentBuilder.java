package ai.hadal.train.data;

import java.util.Arrays;

/// Ids and marks, appended piece by piece.
final class DocumentBuilder {

    private int[] ids = new int[256];
    private boolean[] learnt = new boolean[256];
    private int length;

    void add(int[] piece, boolean learn) {
        int end = length + piece.length;
        if (end > ids.length) {
            int capacity = Math.max(end, 2 * ids.length);
            ids = Arrays.copyOf(ids, capacity);
            learnt = Arrays.copyOf(learnt, capacity);
        }
        System.arraycopy(piece, 0, ids, length, piece.length);
        Arrays.fill(learnt, length, end, learn);
        length = end;
    }

    /// Nothing comes before the first token, so it is never learnt.
    Document build() {
        boolean[] marks = Arrays.copyOf(learnt, length);
        if (length > 0) {
            marks[0] = false;
        }
        return new Document(Arrays.copyOf(ids, length), marks);
    }
}
