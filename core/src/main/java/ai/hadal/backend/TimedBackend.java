package ai.hadal.backend;

import ai.hadal.tensor.Weight;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Passes every operation on to another backend and keeps how long each took: where the time of a step goes.
public final class TimedBackend implements Backend {

    /// What an operation has taken.
    ///
    /// @param name the operation, or the matrix of a product with layers and experts as `*`
    /// @param calls how often it ran
    /// @param nanos time in all
    public record OperationTime(String name, long calls, long nanos) {}

    private static final class Total {
        long calls;
        long nanos;
    }

    private final Backend inner;
    private final Map<String, Total> totals = new HashMap<>();
    private final IdentityHashMap<Weight, String> labels = new IdentityHashMap<>();

    TimedBackend(Backend inner) {
        this.inner = inner;
    }

    /// The operations since [#reset], the longest first.
    public List<OperationTime> times() {
        return totals.entrySet().stream()
                .map(e -> new OperationTime(e.getKey(), e.getValue().calls, e.getValue().nanos))
                .sorted((a, b) -> Long.compare(b.nanos, a.nanos))
                .toList();
    }

    public void reset() {
        totals.clear();
    }

    private void add(String label, long start) {
        var total = totals.computeIfAbsent(label, key -> new Total());
        total.calls++;
        total.nanos += System.nanoTime() - start;
    }

    private String label(Weight w) {
        return labels.computeIfAbsent(w, weight -> weight.name().replaceAll("(?<![a-z0-9_])\\d+(?![a-z0-9_])", "*"));
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public String arithmetic() {
        return inner.arithmetic();
    }

    @Override
    public String description(InputRounding rounding) {
        return inner.description(rounding);
    }

    @Override
    public Activations activations(int cols) {
        return inner.activations(cols);
    }

    @Override
    public Ring ring(int capacity, int width) {
        return inner.ring(capacity, width);
    }

    @Override
    public Entries entries(int width) {
        return inner.entries(width);
    }

    @Override
    public void embed(Weight table, int[] ids, int rows, Activations out) {
        long start = System.nanoTime();
        inner.embed(table, ids, rows, out);
        add("embed", start);
    }

    @Override
    public void linear(Weight w, Activations x, InputRounding rounding, Activations y) {
        long start = System.nanoTime();
        inner.linear(w, x, rounding, y);
        add(label(w), start);
    }

    @Override
    public void groupedLinear(Weight w, int groups, Activations x, InputRounding rounding, Activations y) {
        long start = System.nanoTime();
        inner.groupedLinear(w, groups, x, rounding, y);
        add(label(w), start);
    }

    @Override
    public void rmsNorm(Activations x, float[] weight, float eps, Activations y) {
        long start = System.nanoTime();
        inner.rmsNorm(x, weight, eps, y);
        add("rmsNorm", start);
    }

    @Override
    public void queryNormRope(Activations q, int heads, float eps, RopeAngles rope) {
        long start = System.nanoTime();
        inner.queryNormRope(q, heads, eps, rope);
        add("queryNormRope", start);
    }

    @Override
    public void rope(Activations x, int heads, RopeAngles rope, boolean inverse) {
        long start = System.nanoTime();
        inner.rope(x, heads, rope, inverse);
        add("rope", start);
    }

    @Override
    public void keyValue(Activations kv, float[] norm, float eps, RopeAngles rope, boolean round) {
        long start = System.nanoTime();
        inner.keyValue(kv, norm, eps, rope, round);
        add("keyValue", start);
    }

    @Override
    public void indexQuery(Activations q, int heads, RopeAngles rope, boolean round) {
        long start = System.nanoTime();
        inner.indexQuery(q, heads, rope, round);
        add("indexQuery", start);
    }

    @Override
    public void storeWindow(Activations kv, List<AttentionSpan> spans) {
        long start = System.nanoTime();
        inner.storeWindow(kv, spans);
        add("storeWindow", start);
    }

    @Override
    public void compress(CompressorShape shape, Activations values, Activations gates, List<CompressorSpan> spans) {
        long start = System.nanoTime();
        inner.compress(shape, values, gates, spans);
        add("compress", start);
    }

    @Override
    public Selection select(
            Activations q, Activations weights, int heads, float scale, int topK, List<AttentionSpan> spans) {
        long start = System.nanoTime();
        var result = inner.select(q, weights, heads, scale, topK, spans);
        add("select", start);
        return result;
    }

    @Override
    public void attend(
            Activations q,
            Activations kv,
            float[] sink,
            float scale,
            int window,
            int ratio,
            @Nullable Selection selection,
            List<AttentionSpan> spans,
            Activations out) {
        long start = System.nanoTime();
        inner.attend(q, kv, sink, scale, window, ratio, selection, spans, out);
        add("attend", start);
    }

    @Override
    public Routing route(Activations logits, float[] bias, int k, float routedScale) {
        long start = System.nanoTime();
        var result = inner.route(logits, bias, k, routedScale);
        add("route", start);
        return result;
    }

    @Override
    public Routing routeFixed(Activations logits, int[] experts, int k, float routedScale) {
        long start = System.nanoTime();
        var result = inner.routeFixed(logits, experts, k, routedScale);
        add("routeFixed", start);
        return result;
    }

    @Override
    public void experts(
            ExpertSet routed, ExpertSet shared, Activations x, Routing routing, InputRounding rounding, Activations y) {
        long start = System.nanoTime();
        inner.experts(routed, shared, x, routing, rounding, y);
        add("experts", start);
    }

    @Override
    public void hyperPre(HyperConnection hc, Activations streams, Activations x, Activations post, Activations comb) {
        long start = System.nanoTime();
        inner.hyperPre(hc, streams, x, post, comb);
        add("hyperPre", start);
    }

    @Override
    public void hyperPost(Activations y, Activations streams, Activations post, Activations comb, Activations out) {
        long start = System.nanoTime();
        inner.hyperPost(y, streams, post, comb, out);
        add("hyperPost", start);
    }

    @Override
    public void hyperHead(HyperConnection hc, Activations streams, Activations x) {
        long start = System.nanoTime();
        inner.hyperHead(hc, streams, x);
        add("hyperHead", start);
    }

    @Override
    public void fillStreams(Activations x, Activations streams) {
        long start = System.nanoTime();
        inner.fillStreams(x, streams);
        add("fillStreams", start);
    }

    @Override
    public void addToStreams(Activations x, Activations streams) {
        long start = System.nanoTime();
        inner.addToStreams(x, streams);
        add("addToStreams", start);
    }

    @Override
    public void gatherRows(Activations x, int[] rows, Activations out) {
        long start = System.nanoTime();
        inner.gatherRows(x, rows, out);
        add("gatherRows", start);
    }

    @Override
    public void close() {
        inner.close();
    }
}
