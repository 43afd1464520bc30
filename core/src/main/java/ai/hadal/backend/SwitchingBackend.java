package ai.hadal.backend;

import ai.hadal.tensor.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Two host backends of the same arithmetic, of which the first computes until it is told that the second one is
/// ready. Both keep values in the same memory and give the same bits, so no result shows when that was.
public final class SwitchingBackend implements Backend {

    private final Backend first;
    private final Backend second;
    private volatile Backend current;

    /// @throws IllegalArgumentException when their arithmetic differs
    SwitchingBackend(Backend first, Backend second) {
        if (!first.arithmetic().equals(second.arithmetic())) {
            throw new IllegalArgumentException(first.name() + " and " + second.name() + " do not give the same bits");
        }
        this.first = first;
        this.second = second;
        this.current = first;
    }

    /// Lets the second backend compute from the next operation on.
    public void switchOver() {
        current = second;
    }

    @Override
    public String name() {
        return second.name();
    }

    @Override
    public String arithmetic() {
        return second.arithmetic();
    }

    @Override
    public String description(InputRounding rounding) {
        return second.description(rounding);
    }

    @Override
    public Activations activations(int cols) {
        return current.activations(cols);
    }

    @Override
    public Ring ring(int capacity, int width) {
        return current.ring(capacity, width);
    }

    @Override
    public Entries entries(int width) {
        return current.entries(width);
    }

    @Override
    public void embed(Weight table, int[] ids, int rows, Activations out) {
        current.embed(table, ids, rows, out);
    }

    @Override
    public void linear(Weight w, Activations x, InputRounding rounding, Activations y) {
        current.linear(w, x, rounding, y);
    }

    @Override
    public void groupedLinear(Weight w, int groups, Activations x, InputRounding rounding, Activations y) {
        current.groupedLinear(w, groups, x, rounding, y);
    }

    @Override
    public void rmsNorm(Activations x, float[] weight, float eps, Activations y) {
        current.rmsNorm(x, weight, eps, y);
    }

    @Override
    public void queryNormRope(Activations q, int heads, float eps, RopeAngles rope) {
        current.queryNormRope(q, heads, eps, rope);
    }

    @Override
    public void rope(Activations x, int heads, RopeAngles rope, boolean inverse) {
        current.rope(x, heads, rope, inverse);
    }

    @Override
    public void keyValue(Activations kv, float[] norm, float eps, RopeAngles rope, boolean round) {
        current.keyValue(kv, norm, eps, rope, round);
    }

    @Override
    public void indexQuery(Activations q, int heads, RopeAngles rope, boolean round) {
        current.indexQuery(q, heads, rope, round);
    }

    @Override
    public void storeWindow(Activations kv, List<AttentionSpan> spans) {
        current.storeWindow(kv, spans);
    }

    @Override
    public void compress(CompressorShape shape, Activations values, Activations gates, List<CompressorSpan> spans) {
        current.compress(shape, values, gates, spans);
    }

    @Override
    public Selection select(
            Activations q, Activations weights, int heads, float scale, int topK, List<AttentionSpan> spans) {
        return current.select(q, weights, heads, scale, topK, spans);
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
        current.attend(q, kv, sink, scale, window, ratio, selection, spans, out);
    }

    @Override
    public Routing route(Activations logits, float[] bias, int k, float routedScale) {
        return current.route(logits, bias, k, routedScale);
    }

    @Override
    public Routing routeFixed(Activations logits, int[] experts, int k, float routedScale) {
        return current.routeFixed(logits, experts, k, routedScale);
    }

    @Override
    public void experts(
            ExpertSet routed, ExpertSet shared, Activations x, Routing routing, InputRounding rounding, Activations y) {
        current.experts(routed, shared, x, routing, rounding, y);
    }

    @Override
    public void hyperPre(HyperConnection hc, Activations streams, Activations x, Activations post, Activations comb) {
        current.hyperPre(hc, streams, x, post, comb);
    }

    @Override
    public void hyperPost(Activations y, Activations streams, Activations post, Activations comb, Activations out) {
        current.hyperPost(y, streams, post, comb, out);
    }

    @Override
    public void hyperHead(HyperConnection hc, Activations streams, Activations x) {
        current.hyperHead(hc, streams, x);
    }

    @Override
    public void fillStreams(Activations x, Activations streams) {
        current.fillStreams(x, streams);
    }

    @Override
    public void addToStreams(Activations x, Activations streams) {
        current.addToStreams(x, streams);
    }

    @Override
    public void gatherRows(Activations x, int[] rows, Activations out) {
        current.gatherRows(x, rows, out);
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
