package ai.hadal.backend.cpu;

import ai.hadal.backend.cpu.GatheredEntries.Part;
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostSelection;
import ai.hadal.backend.natives.NativeAttention;
import ai.hadal.backend.natives.NativeAttention.Gathered;
import org.jspecify.annotations.Nullable;

/// Sparse attention with sink for a row and a group of heads.
///
/// @param entries what the rows attend to
record CpuAttention(
        HostActivations q,
        HostActivations out,
        float[] sink,
        float scale,
        int window,
        int ratio,
        @Nullable HostSelection selection,
        GatheredEntries entries) {

    /// Heads `first .. end-1` of row i of the part's span.
    void run(Part part, int i, int first, int end, Scratch scratch) {
        int width = entries.width();
        int at = (part.span().row() + i) * q.cols() + first * width;
        int heads = end - first;
        var gathered = gather(part, i, scratch);
        int n = gathered.n();
        float[] p = scratch.probabilities(heads * n);
        float[] factors = scratch.factors(heads);
        var kernels = NativeAttention.instance();
        if (kernels == null || !kernels.serves(width)) {
            var products = new EntryProducts(gathered, scratch);
            products.scores(q.data(), at, heads, scale, p);
            normalise(p, n, first, end, factors);
            products.values(p, factors, heads, out.data(), at);
        } else {
            kernels.scores(q.data(), at, heads, gathered, scale, p);
            normalise(p, n, first, end, factors);
            kernels.values(p, factors, heads, gathered, out.data(), at);
        }
    }

    /// The entries that the row attends to, in order.
    private Gathered gather(Part part, int i, Scratch scratch) {
        var span = part.span();
        long position = span.position() + i;
        int row = span.row() + i;
        int chosen = 0;
        if (span.compressed() != null) {
            chosen = selection == null ? (int) ((position + 1) / ratio) : selection.count(row);
        }
        long oldest = Math.max(0, position - window + 1);
        int n = chosen + (int) (position - oldest + 1);
        int width = entries.width();
        int[] places = scratch.places(n);
        for (int s = 0; s < chosen; s++) {
            places[s] = part.place(row, s, selection) * width;
        }
        for (int s = chosen; s < n; s++) {
            places[s] = part.windowPlace(oldest + s - chosen) * width;
        }
        return new Gathered(entries.data(), places, n, width);
    }

    /// Scores to unnormalised probabilities, and what the summed values are multiplied with.
    private void normalise(float[] p, int n, int first, int end, float[] factors) {
        for (int h = first; h < end; h++) {
            int from = (h - first) * n;
            float max = sink[h];
            for (int j = from; j < from + n; j++) {
                max = Math.max(max, p[j]);
            }
            Exponential.shifted(p, from, n, max);
            factors[h - first] = 1f / (Arithmetic.sum(p, from, n) + Arithmetic.exp(sink[h] - max));
        }
    }
}
