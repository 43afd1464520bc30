package ai.hadal.train.gradient;

import ai.hadal.backend.host.Arithmetic;
import ai.hadal.train.gradient.AttentionGradient.Chosen;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The lightning indexer's own loss on one sequence, and its gradients: the divergence of the softmax of its scores
/// from the share of attention that each compressed entry got, `KL(attention || softmax(scores))`, for every
/// position with at least two entries to choose from. Attention is taken as given.
public final class IndexerGradient {

    private final int heads;
    private final int width;
    private final float scale;
    private final float factor;
    private final float[] q;
    private final float[] weights;
    private final int row;
    private final Columns keys;
    private final float[] dQ;
    private final float[] dWeights;
    private final float[] dKeys;
    private float[] s = {};
    private float[] scores = {};
    private float[] target = {};
    private double loss;

    /// @param scale of the weights
    /// @param factor of the loss for one position
    /// @param q `[rows, heads * width]`, the sequence from `row` on; likewise `weights` `[rows, heads]`, `dQ`,
    ///     `dWeights`
    /// @param keys `[n, width]`, the sequence's index keys, as `dKeys`
    public IndexerGradient(
            int heads,
            int width,
            float scale,
            float factor,
            float[] q,
            float[] weights,
            int row,
            float[] keys,
            int count,
            float[] dQ,
            float[] dWeights,
            float[] dKeys) {
        this.heads = heads;
        this.width = width;
        this.scale = scale;
        this.factor = factor;
        this.q = q;
        this.weights = weights;
        this.row = row;
        this.keys = Columns.of(keys, 0, count, width);
        this.dQ = dQ;
        this.dWeights = dWeights;
        this.dKeys = dKeys;
    }

    /// The sum of the divergences so far, in nats.
    public double loss() {
        return loss;
    }

    /// A block of positions.
    ///
    /// @param first the block's first position
    /// @param p probabilities: entry e for head h of position `first + i` at `(i * attentionHeads + h) * stride +
    ///     e`; zero for entries that the row does not attend to
    void block(int first, int rows, float[] p, int attentionHeads, int stride, @Nullable Chosen chosen) {
        int visible = (first + rows) / 4;
        int columns = Columns.padded(visible);
        int r = rows * heads;
        int at = (row + first) * heads * width;
        if (s.length < r * columns) {
            s = new float[r * columns];
        } else {
            Arrays.fill(s, 0, r * columns, 0f);
        }
        // The last block has more columns than those before, but fewer rows.
        if (scores.length < columns) {
            scores = new float[columns];
            target = new float[columns];
        }
        Gemm.add(r, columns, width, q, at, width, keys.across(), 0, keys.stride(), s, 0, columns);
        for (int i = 0; i < rows; i++) {
            position(first + i, i, p, attentionHeads, stride, columns, chosen);
        }
        // s now holds the gradients of the products of queries and keys.
        Gemm.add(r, width, visible, s, 0, columns, keys.rows(), keys.at(), width, dQ, at, width);
        Gemm.addTransposed(visible, width, r, s, 0, columns, q, at, width, dKeys, 0, width);
    }

    private void position(
            int position, int i, float[] p, int attentionHeads, int stride, int columns, @Nullable Chosen chosen) {
        int seen = (position + 1) / 4;
        int count = chosen == null ? seen : chosen.count(position);
        int lines = i * heads * columns;
        float total = count < 2 ? 0f : target(i, p, attentionHeads, stride, seen);
        if (total <= 0f) {
            Arrays.fill(s, lines, lines + heads * columns, 0f);
            return;
        }
        Arrays.fill(scores, 0, columns, 0f);
        int weightsAt = (row + position) * heads;
        for (int h = 0; h < heads; h++) {
            float w = weights[weightsAt + h] * scale;
            for (int e = 0; e < seen; e++) {
                scores[e] = Math.fma(w, Math.max(s[lines + h * columns + e], 0f), scores[e]);
            }
        }
        if (chosen != null) {
            leaveChosen(position, chosen, seen);
        }
        float max = Vectors.max(scores, 0, seen, Float.NEGATIVE_INFINITY);
        Arrays.fill(scores, seen, columns, Float.NEGATIVE_INFINITY);
        double divergence = 0;
        for (int e = 0; e < seen; e++) {
            float share = target[e] / total;
            target[e] = share;
            if (share > 0f) {
                divergence += share * (Math.log(share) - (scores[e] - max));
            }
        }
        Vectors.exp(scores, 0, columns, 1f, max);
        float sum = Vectors.sum(scores, 0, seen);
        loss += divergence + Math.log(sum);
        for (int e = 0; e < seen; e++) {
            scores[e] = (scores[e] / sum - target[e]) * factor;
        }
        for (int h = 0; h < heads; h++) {
            float w = weights[weightsAt + h] * scale;
            float dw = 0f;
            int line = lines + h * columns;
            for (int e = 0; e < seen; e++) {
                float product = s[line + e];
                dw = Math.fma(scores[e], Math.max(product, 0f), dw);
                s[line + e] = product > 0f ? scores[e] * w : 0f;
            }
            Arrays.fill(s, line + seen, line + columns, 0f);
            dWeights[weightsAt + h] += dw * scale;
        }
    }

    /// Attention over the entries, added over heads; returns its sum.
    private float target(int i, float[] p, int attentionHeads, int stride, int seen) {
        Arrays.fill(target, 0, seen, 0f);
        for (int h = 0; h < attentionHeads; h++) {
            Vectors.add(target, 0, p, (i * attentionHeads + h) * stride, seen);
        }
        return Arithmetic.sum(target, 0, seen);
    }

    private void leaveChosen(int position, Chosen chosen, int seen) {
        int next = 0;
        for (int i = 0; i < chosen.count(position); i++) {
            int e = chosen.index(position, i);
            Arrays.fill(scores, next, e, Float.NEGATIVE_INFINITY);
            next = e + 1;
        }
        Arrays.fill(scores, next, seen, Float.NEGATIVE_INFINITY);
    }
}
