package ai.hadal.backend.host;

import ai.hadal.backend.Activations;
import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.Backend;
import ai.hadal.backend.EntryLayout;
import ai.hadal.backend.InputRounding;
import ai.hadal.backend.Routing;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightRows;
import java.util.List;

/// What every host backend does alike: memory, data movement and routing.
public abstract class HostBackend implements Backend {

    @Override
    public String arithmetic() {
        return "host-16-lanes";
    }

    @Override
    public Activations activations(int cols) {
        return new HostActivations(cols);
    }

    @Override
    public HostRing ring(int capacity, int width) {
        return new HostRing(capacity, width);
    }

    @Override
    public HostEntries entries(EntryLayout layout) {
        return new HostEntries(layout);
    }

    @Override
    public void embed(Weight table, int[] ids, int rows, Activations out) {
        var o = HostActivations.of(out).resize(rows);
        for (int r = 0; r < rows; r++) {
            WeightRows.decode(table, ids[r], 0, table.cols(), o.data(), r * o.cols());
        }
    }

    /// A grouped product of one group. A step may want no row at all, at the head, and then reads no weight.
    @Override
    public void linear(Weight w, Activations x, InputRounding rounding, Activations y) {
        if (x.rows() == 0) {
            HostActivations.of(y).resize(0);
        } else {
            groupedLinear(w, 1, x, rounding, y);
        }
    }

    @Override
    public void storeWindow(Activations kv, List<AttentionSpan> spans) {
        float[] data = HostActivations.of(kv).data();
        for (var span : spans) {
            HostRing.of(span.window()).writeAll(span.position(), data, span.row(), span.rows());
        }
    }

    @Override
    public Routing route(Activations logits, float[] bias, int k, float routedScale) {
        return HostRouting.byScore(HostActivations.of(logits), bias, k, routedScale);
    }

    @Override
    public Routing routeFixed(Activations logits, int[] experts, int k, float routedScale) {
        return HostRouting.fixed(HostActivations.of(logits), experts, k, routedScale);
    }

    @Override
    public void fillStreams(Activations x, Activations streams) {
        var a = HostActivations.of(x);
        var s = HostActivations.of(streams).resize(a.rows());
        int width = a.cols();
        for (int r = 0; r < a.rows(); r++) {
            for (int from = 0; from < s.cols(); from += width) {
                System.arraycopy(a.data(), r * width, s.data(), r * s.cols() + from, width);
            }
        }
    }

    @Override
    public void addToStreams(Activations x, Activations streams) {
        var a = HostActivations.of(x);
        var s = HostActivations.of(streams);
        int width = a.cols();
        for (int r = 0; r < a.rows(); r++) {
            for (int i = 0; i < s.cols(); i++) {
                s.data()[r * s.cols() + i] += a.data()[r * width + i % width];
            }
        }
    }

    @Override
    public void gatherRows(Activations x, int[] rows, Activations out) {
        var from = HostActivations.of(x);
        var to = HostActivations.of(out).resize(rows.length);
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(from.data(), rows[i] * from.cols(), to.data(), i * to.cols(), to.cols());
        }
    }
}
