package ai.hadal.backend.cpu;

import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.host.HostEntries;
import ai.hadal.backend.natives.NativeIndex;
import java.util.Objects;

/// Keys kept in FP4, scored in C, a page of them at a time.
record NativeKeys(NativeIndex kernels, NativeIndex.Queries queries) implements KeyScores {

    @Override
    public void score(
            AttentionSpan span,
            int from,
            int rows,
            int first,
            int end,
            float[] scores,
            int to,
            int stride,
            Scratch scratch) {
        var keys = HostEntries.of(Objects.requireNonNull(span.compressed()));
        for (int e = first; e < end; e += HostEntries.PAGE) {
            int blocks = Math.ceilDiv(Math.min(HostEntries.PAGE, end - e), HostEntries.BLOCK);
            kernels.scores(
                    keys.page(e),
                    keys.blockOffset(e),
                    blocks,
                    queries,
                    span.row() + from,
                    rows,
                    scores,
                    to + e,
                    stride);
        }
    }
}
