package ai.hadal.backend.reference;

import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.Selection;
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostEntries;
import ai.hadal.backend.host.HostRing;
import ai.hadal.backend.host.HostSelection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sparse attention with sink for one row at a time.
record ReferenceAttention(
        HostActivations kv,
        float[] sink,
        float scale,
        int window,
        int ratio,
        @Nullable Selection selection) {

    private record Entry(float[] data, int offset) {}

    void row(AttentionSpan span, int i, HostActivations q, HostActivations out) {
        int row = span.row() + i;
        int width = kv.cols();
        var entries = entries(span, i);
        float[] p = new float[entries.size()];
        for (int h = 0; h < sink.length; h++) {
            int query = row * q.cols() + h * width;
            float max = sink[h];
            for (int j = 0; j < p.length; j++) {
                var e = entries.get(j);
                p[j] = Arithmetic.dot(q.data(), query, e.data, e.offset, width) * scale;
                max = Math.max(max, p[j]);
            }
            for (int j = 0; j < p.length; j++) {
                p[j] = Arithmetic.exp(p[j] - max);
            }
            float inverse = 1f / (Arithmetic.sum(p, 0, p.length) + Arithmetic.exp(sink[h] - max));
            for (int c = 0; c < width; c++) {
                float sum = 0f;
                for (int j = 0; j < p.length; j++) {
                    var e = entries.get(j);
                    sum = Math.fma(p[j], e.data[e.offset + c], sum);
                }
                out.data()[query + c] = sum * inverse;
            }
        }
    }

    /// What the span's row i attends to, in order.
    private List<Entry> entries(AttentionSpan span, int i) {
        long position = span.position() + i;
        var list = new ArrayList<Entry>();
        if (span.compressed() != null) {
            var compressed = HostEntries.of(span.compressed());
            if (selection == null) {
                for (int e = 0; e < (position + 1) / ratio; e++) {
                    list.add(compressed(compressed, e));
                }
            } else {
                var chosen = (HostSelection) selection;
                for (int s = 0; s < chosen.count(span.row() + i); s++) {
                    list.add(compressed(compressed, chosen.index(span.row() + i, s)));
                }
            }
        }
        var ring = HostRing.of(span.window());
        for (long p = Math.max(0, position - window + 1); p <= position; p++) {
            if (p < span.position()) {
                list.add(new Entry(ring.data(), ring.offset(p)));
            } else {
                int row = span.row() + (int) (p - span.position());
                list.add(new Entry(kv.data(), row * kv.cols()));
            }
        }
        return list;
    }

    private static Entry compressed(HostEntries entries, int index) {
        float[] values = new float[entries.layout().width()];
        entries.read(index, values);
        return new Entry(values, 0);
    }
}
