package ai.hadal.backend;

import ai.hadal.tensor.Weight;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The operations that a kind of hardware implements; the model is written once in terms of them.
///
/// Every operation is deterministic, and the values of a row never depend on which other rows share the step. The
/// arithmetic of each result is fixed by its definition here, so host backends agree bit for bit:
///
/// - `dot(a, b)` over K elements uses 16 lanes that start at +0: element k is added to lane `k mod 16` by fused
///   multiply-add in ascending k, missing elements of the last group counting as zero; the lanes are then added
///   pairwise (i with i+8, then +4, +2, +1).
/// - Stored weights are decoded to the float their format defines, then multiplied as above.
/// - Under [InputRounding#INT8] a product of integer groups has four sums that start at +0: the integer dot product of
///   group g (32 elements, exact), as a float, times `weight scale * input scale` is added to sum `g mod 4` by fused
///   multiply-add in ascending g; the result is `(0 + 2) + (1 + 3)`. In formats with minima the exact integer `-(sum of
///   minimum * code)` of the group, as a float, times `minimum scale * input scale` is added by fused multiply-add
///   right after it. Products of two scales are rounded once, before. What the integers and scales are:
///   [ai.hadal.tensor.IntegerRows] and [ai.hadal.tensor.Int8].
/// - A chain `sum over j` of vectors adds element-wise by fused multiply-add in ascending j, starting at +0.
/// - exp, sigmoid, silu and softplus are fixed polynomials; square root and division are IEEE.
///
/// Rows: R is the number of rows in the step, D the model width, H heads of width d. An operation reads its
/// inputs fully before it returns; outputs are resized by it. Implementations are used by one thread at a
/// time, but for [#ring] and [#entries], which do no more than allocate and may be called by any thread at
/// any time.
public interface Backend extends AutoCloseable {

    /// Short name, part of every result's description.
    String name();

    /// Names the arithmetic: backends with the same name give the same bits, so saved sequences move between them.
    String arithmetic();

    /// One line for people: instruction width, threads, and which kernels serve such inputs.
    String description(InputRounding rounding);

    Activations activations(int cols);

    Ring ring(int capacity, int width);

    Entries entries(EntryLayout layout);

    /// `out[r] = table[ids[r]]`.
    void embed(Weight table, int[] ids, int rows, Activations out);

    /// `y[r][o] = dot(w[o], x[r])`, x rounded first where the rounding applies to the weight's format.
    void linear(Weight w, Activations x, InputRounding rounding, Activations y);

    /// Grouped projection: rows `g*n .. (g+1)*n-1` of w (n = w.rows / groups) see only group g of x's columns:
    /// `y[r][o] = dot(w[o], x[r][g*cols .. ])`, g = o / n, cols = w.cols. Inputs are rounded as in [#linear].
    void groupedLinear(Weight w, int groups, Activations x, InputRounding rounding, Activations y);

    /// `y[r] = weight * (x[r] * s)`, `s = 1 / sqrt(dot(x, x) / cols + eps)`. x and y may be the same.
    void rmsNorm(Activations x, float[] weight, float eps, Activations y);

    /// In place, each of `heads` equal parts of a row: divided by its own root mean square (no weight), then rope
    /// on its last components.
    void queryNormRope(Activations q, int heads, float eps, RopeAngles rope);

    /// In place, each of `heads` equal parts of a row: rope on the last components; the inverse rotation if
    /// `inverse`.
    void rope(Activations x, int heads, RopeAngles rope, boolean inverse);

    /// In place on key-value rows: norm with weight over the whole row, rope, then FP8 rounding in groups of 64 of
    /// all but the rope part if `round`.
    void keyValue(Activations kv, float[] norm, float eps, RopeAngles rope, boolean round);

    /// In place on indexer queries, each of `heads` parts: rope, Hadamard rotation, FP4 rounding in groups of 32 if
    /// `round`.
    void indexQuery(Activations q, int heads, RopeAngles rope, boolean round);

    /// Stores the last rows of each span in its window.
    void storeWindow(Activations kv, List<AttentionSpan> spans);

    /// Adds the positional table to the gates, appends every entry that a span completes and stores the span's raw
    /// rows. An entry pools its rows per channel: `m = max g`, `w = exp(g - m)`, `(sum w*v) / (sum w)` over
    /// ascending positions (ratio 4: first halves of the previous block, then second halves of its own; the first
    /// block has only its own); then norm, rope at the block's first position, and the finish.
    void compress(CompressorShape shape, Activations values, Activations gates, List<CompressorSpan> spans);

    /// Selects for the row at position p the `topK` entries with the highest score among those with `index <
    /// (p+1)/4`, all of them when there are no more. `score = sum over h of (weights[h] * scale) * max(dot(q[h],
    /// key), 0)`: 16 lanes by `h mod 16` with fused multiply-add, added like a dot. Ties go to the lower index.
    ///
    /// Keys kept in FP4 are multiplied as integer groups: the integers of keys and queries are twice their E2M1
    /// values, their scales half of those. Queries are taken to FP4 as [#indexQuery] rounds them: no change where
    /// it did.
    ///
    /// @param weights `[R, heads]`
    /// @param spans with the index keys as their compressed entries
    Selection select(Activations q, Activations weights, int heads, float scale, int topK, List<AttentionSpan> spans);

    /// Attention with sink over selected (or all visible) compressed entries in ascending order, then the window of
    /// `window` rows in ascending position, the row itself last. Per head: `s_j = dot(q, e_j) * scale`, `m =
    /// max(sink, max s_j)`, `p_j = exp(s_j - m)`; the denominator adds p in 16 lanes by `j mod 16`, lanes like a
    /// dot, then `exp(sink - m)`; `out = (sum p_j e_j) * (1 / denominator)`. Visible entries at position p are
    /// those with `index < (p+1)/ratio`.
    ///
    /// @param q `[R, H*d]`
    /// @param kv the step's key-value rows `[R, d]`
    /// @param selection null: all visible entries
    void attend(
            Activations q,
            Activations kv,
            float[] sink,
            float scale,
            int window,
            int ratio,
            @Nullable Selection selection,
            List<AttentionSpan> spans,
            Activations out);

    /// Chooses experts by score: `a = sqrt(softplus(logits))`; the k largest of `a + bias` (ties to the lower
    /// index, slots by descending value), weights `routedScale * a / sum of a over the slots` (slots added in
    /// order).
    Routing route(Activations logits, float[] bias, int k, float routedScale);

    /// As [#route] with the experts given: `experts[r*k + slot]`.
    Routing routeFixed(Activations logits, int[] experts, int k, float routedScale);

    /// `y[r] = sum over slots of down(h)`, slots in order starting at +0, then the shared expert's result added;
    /// `h = (silu(min(gate, limit)) * clamp(up, -limit, limit)) * weight`. The shared expert has weight 1.
    ///
    /// @param shared a set of one expert
    void experts(
            ExpertSet routed, ExpertSet shared, Activations x, Routing routing, InputRounding rounding, Activations y);

    /// Announces that a coming [#experts] will use these of a set, perhaps several times the same, so that a backend
    /// whose weights lie on disk may begin to read them. Changes no result.
    default void expect(ExpertSet routed, int[] experts) {
        // Weights in memory need no notice.
    }

    /// mHC before a sublayer: from streams `z = [R, S*D]` to the sublayer's input `x [R, D]` and the mixing weights
    /// `post [R, S]` and `comb [R, S*S]`. `m = dot(fn, z) * (1 / sqrt(dot(z, z) / (S*D) + normEps))`; `pre =
    /// sigmoid(m * scale + base) + eps`, `post = 2 * sigmoid(..)`, `comb = Sinkhorn(..)`, each `m * scale + base`
    /// one fused multiply-add; `x = sum over s of pre_s * z_s`.
    void hyperPre(HyperConnection hc, Activations streams, Activations x, Activations post, Activations comb);

    /// mHC after a sublayer: `out_k = post_k * y`, then `+ comb_jk * streams_j` by fused multiply-add, j ascending.
    void hyperPost(Activations y, Activations streams, Activations post, Activations comb, Activations out);

    /// mHC at the head: `x = sum over s of (sigmoid(..)_s + eps) * z_s`.
    void hyperHead(HyperConnection hc, Activations streams, Activations x);

    /// `streams[r][s] = x[r]` for each of the streams.
    void fillStreams(Activations x, Activations streams);

    /// `streams[r][s] += x[r]` for each of the streams: how an MTP block joins the next token's embedding.
    void addToStreams(Activations x, Activations streams);

    /// `out[i] = x[rows[i]]`.
    void gatherRows(Activations x, int[] rows, Activations out);

    /// Runs tasks that are none of these operations and do not depend on each other, where the backend has threads
    /// on those, and returns when all are done. A failure of one is thrown here.
    ///
    /// @param task gets the numbers `0 .. tasks-1`, each once
    default void together(int tasks, IntConsumer task) {
        for (int i = 0; i < tasks; i++) {
            task.accept(i);
        }
    }

    @Override
    void close();
}
