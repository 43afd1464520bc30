package ai.hadal.backend;

import ai.hadal.tensor.Weight;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Passes every operation on to another backend, and says when it begins and ends.
abstract class ForwardingBackend implements Backend {

    /// Who computes.
    abstract Backend target();

    /// Before an operation; what it returns comes back in [#ended].
    long started() {
        return 0;
    }

    /// After an operation.
    ///
    /// @param weight the matrix of a product, else null
    /// @param start what [#started] returned
    void ended(String operation, @Nullable Weight weight, long start) {
        // For those who want to know.
    }

    @Override
    public String name() {
        return target().name();
    }

    @Override
    public String arithmetic() {
        return target().arithmetic();
    }

    @Override
    public String description(InputRounding rounding) {
        return target().description(rounding);
    }

    @Override
    public Activations activations(int cols) {
        return target().activations(cols);
    }

    @Override
    public Ring ring(int capacity, int width) {
        return target().ring(capacity, width);
    }

    @Override
    public Entries entries(EntryLayout layout) {
        return target().entries(layout);
    }

    @Override
    public void embed(Weight table, int[] ids, int rows, Activations out) {
        long start = started();
        target().embed(table, ids, rows, out);
        ended("embed", null, start);
    }

    @Override
    public void linear(Weight w, Activations x, InputRounding rounding, Activations y) {
        long start = started();
        target().linear(w, x, rounding, y);
        ended("linear", w, start);
    }

    @Override
    public void groupedLinear(Weight w, int groups, Activations x, InputRounding rounding, Activations y) {
        long start = started();
        target().groupedLinear(w, groups, x, rounding, y);
        ended("groupedLinear", w, start);
    }

    @Override
    public void rmsNorm(Activations x, float[] weight, float eps, Activations y) {
        long start = started();
        target().rmsNorm(x, weight, eps, y);
        ended("rmsNorm", null, start);
    }

    @Override
    public void queryNormRope(Activations q, int heads, float eps, RopeAngles rope) {
        long start = started();
        target().queryNormRope(q, heads, eps, rope);
        ended("queryNormRope", null, start);
    }

    @Override
    public void rope(Activations x, int heads, RopeAngles rope, boolean inverse) {
        long start = started();
        target().rope(x, heads, rope, inverse);
        ended("rope", null, start);
    }

    @Override
    public void keyValue(Activations kv, float[] norm, float eps, RopeAngles rope, boolean round) {
        long start = started();
        target().keyValue(kv, norm, eps, rope, round);
        ended("keyValue", null, start);
    }

    @Override
    public void indexQuery(Activations q, int heads, RopeAngles rope, boolean round) {
        long start = started();
        target().indexQuery(q, heads, rope, round);
        ended("indexQuery", null, start);
    }

    @Override
    public void storeWindow(Activations kv, List<AttentionSpan> spans) {
        long start = started();
        target().storeWindow(kv, spans);
        ended("storeWindow", null, start);
    }

    @Override
    public void compress(CompressorShape shape, Activations values, Activations gates, List<CompressorSpan> spans) {
        long start = started();
        target().compress(shape, values, gates, spans);
        ended("compress", null, start);
    }

    @Override
    public Selection select(
            Activations q, Activations weights, int heads, float scale, int topK, List<AttentionSpan> spans) {
        long start = started();
        var result = target().select(q, weights, heads, scale, topK, spans);
        ended("select", null, start);
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
        long start = started();
        target().attend(q, kv, sink, scale, window, ratio, selection, spans, out);
        ended("attend", null, start);
    }

    @Override
    public Routing route(Activations logits, float[] bias, int k, float routedScale) {
        long start = started();
        var result = target().route(logits, bias, k, routedScale);
        ended("route", null, start);
        return result;
    }

    @Override
    public Routing routeFixed(Activations logits, int[] experts, int k, float routedScale) {
        long start = started();
        var result = target().routeFixed(logits, experts, k, routedScale);
        ended("routeFixed", null, start);
        return result;
    }

    @Override
    public void experts(
            ExpertSet routed, ExpertSet shared, Activations x, Routing routing, InputRounding rounding, Activations y) {
        long start = started();
        target().experts(routed, shared, x, routing, rounding, y);
        ended("experts", null, start);
    }

    @Override
    public void expect(ExpertSet routed, int[] experts) {
        target().expect(routed, experts);
    }

    @Override
    public void together(int tasks, IntConsumer task) {
        target().together(tasks, task);
    }

    @Override
    public void hyperPre(HyperConnection hc, Activations streams, Activations x, Activations post, Activations comb) {
        long start = started();
        target().hyperPre(hc, streams, x, post, comb);
        ended("hyperPre", null, start);
    }

    @Override
    public void hyperPost(Activations y, Activations streams, Activations post, Activations comb, Activations out) {
        long start = started();
        target().hyperPost(y, streams, post, comb, out);
        ended("hyperPost", null, start);
    }

    @Override
    public void hyperHead(HyperConnection hc, Activations streams, Activations x) {
        long start = started();
        target().hyperHead(hc, streams, x);
        ended("hyperHead", null, start);
    }

    @Override
    public void fillStreams(Activations x, Activations streams) {
        long start = started();
        target().fillStreams(x, streams);
        ended("fillStreams", null, start);
    }

    @Override
    public void addToStreams(Activations x, Activations streams) {
        long start = started();
        target().addToStreams(x, streams);
        ended("addToStreams", null, start);
    }

    @Override
    public void gatherRows(Activations x, int[] rows, Activations out) {
        long start = started();
        target().gatherRows(x, rows, out);
        ended("gatherRows", null, start);
    }

    @Override
    public void close() {
        target().close();
    }
}
