package ai.hadal.backend.cpu;

import ai.hadal.backend.AttentionSpan;

/// Scores of index keys for some rows of a step, see [ai.hadal.backend.Backend#select].
interface KeyScores {

    /// Scores the keys `first .. end-1` that are visible to the span's rows `from .. from+rows-1`: row `from + i` and
    /// key e to `scores[to + i * stride + e]`. What lies up to the next multiple of 16 may be overwritten.
    ///
    /// @param first a multiple of 16
    void score(
            AttentionSpan span,
            int from,
            int rows,
            int first,
            int end,
            float[] scores,
            int to,
            int stride,
            Scratch scratch);

    /// Keys visible to the span's row i.
    static int visible(AttentionSpan span, int i) {
        return (int) ((span.position() + i + 1) / 4);
    }
}
