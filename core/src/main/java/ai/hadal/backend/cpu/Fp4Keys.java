package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.L;

import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.EntryLayout;
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostEntries;
import ai.hadal.tensor.E8m0;
import java.util.Arrays;
import java.util.Objects;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Keys kept in FP4, sixteen side by side. Their integers are small enough for the sums of a group to be exact as
/// floats.
record Fp4Keys(HostActivations weights, int heads, float scale, Fp4Queries queries) implements KeyScores {

    private static final int KEYS = HostEntries.BLOCK;

    /// Heads at a time.
    private static final int HEADS = 4;

    /// Codes in a word.
    private static final int WORD = 8;

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
        int width = keys.layout().width();
        float[] panel = scratch.panels((width + queries.groups()) * KEYS);
        for (int e = first; e < end; e += KEYS) {
            panel(keys, e, panel, width);
            for (int i = 0; i < rows; i++) {
                if (e < KeyScores.visible(span, from + i)) {
                    row(span.row() + from + i, panel, width, scores, to + i * stride + e, scratch);
                }
            }
        }
    }

    /// Integers of a block of keys, `[width][16]`, then half of the scales, `[groups][16]`.
    private static void panel(HostEntries keys, int e, float[] panel, int width) {
        byte[] page = keys.page(e);
        int block = keys.blockOffset(e);
        for (int w = 0; w < width / WORD; w++) {
            for (int pass = 0; pass < KEYS; pass += L) {
                var words = ByteVector.fromArray(Lanes.BYTES, page, block + w * 4 * KEYS + 4 * pass)
                        .reinterpretAsInts();
                for (int c = 0; c < WORD; c++) {
                    NibbleDecoder.value(words.lanewise(VectorOperators.LSHR, 4 * c), 1f)
                            .intoArray(panel, (w * WORD + c) * KEYS + pass);
                }
            }
        }
        int scales = block + keys.layout().scalesAt() * KEYS;
        for (int i = 0; i < keys.layout().scales() * KEYS; i++) {
            panel[width * KEYS + i] = 0.5f * E8m0.decode(page[scales + i]);
        }
    }

    /// Scores of a block for one row.
    private void row(int row, float[] panel, int width, float[] scores, int to, Scratch scratch) {
        float[] lanes = scratch.headLanes;
        Arrays.fill(lanes, 0f);
        float[] sums = scratch.groupSums;
        for (int h = 0; h < heads; h += HEADS) {
            int valid = Math.min(HEADS, heads - h);
            dots(panel, width, row * heads + h, valid, sums);
            for (int j = 0; j < valid; j++) {
                int lane = (h + j) % Arithmetic.LANES * KEYS;
                float weight = weights.data()[row * heads + h + j] * scale;
                for (int pass = 0; pass < KEYS; pass += L) {
                    int at = 4 * j * KEYS + pass;
                    var s = FloatVector.fromArray(F, sums, at)
                            .add(FloatVector.fromArray(F, sums, at + 2 * KEYS))
                            .add(FloatVector.fromArray(F, sums, at + KEYS)
                                    .add(FloatVector.fromArray(F, sums, at + 3 * KEYS)));
                    FloatVector.broadcast(F, weight)
                            .fma(s.max(0f), FloatVector.fromArray(F, lanes, lane + pass))
                            .intoArray(lanes, lane + pass);
                }
            }
        }
        for (int step = Arithmetic.LANES / 2; step >= 1; step /= 2) {
            for (int i = 0; i < step * KEYS; i += L) {
                FloatVector.fromArray(F, lanes, i)
                        .add(FloatVector.fromArray(F, lanes, i + step * KEYS))
                        .intoArray(lanes, i);
            }
        }
        System.arraycopy(lanes, 0, scores, to, KEYS);
    }

    /// The four sums of each of up to four heads: that of number s and head j at `sums[(4 j + s) * 16 ..]`.
    ///
    /// @param part the first head's part of the queries
    private void dots(float[] panel, int width, int part, int valid, float[] sums) {
        int groups = queries.groups();
        float[] q = queries.integers();
        float[] scales = queries.scales();
        int p1 = part + Math.min(1, valid - 1);
        int p2 = part + Math.min(2, valid - 1);
        int p3 = part + Math.min(3, valid - 1);
        Arrays.fill(sums, 0f);
        for (int g = 0; g < groups; g++) {
            int k = g * EntryLayout.FP4_GROUP;
            int sum = g % 4 * KEYS;
            for (int pass = 0; pass < KEYS; pass += L) {
                var s0 = FloatVector.zero(F);
                var s1 = FloatVector.zero(F);
                var s2 = FloatVector.zero(F);
                var s3 = FloatVector.zero(F);
                for (int i = k; i < k + EntryLayout.FP4_GROUP; i++) {
                    var v = FloatVector.fromArray(F, panel, i * KEYS + pass);
                    s0 = v.fma(FloatVector.broadcast(F, q[part * width + i]), s0);
                    s1 = v.fma(FloatVector.broadcast(F, q[p1 * width + i]), s1);
                    s2 = v.fma(FloatVector.broadcast(F, q[p2 * width + i]), s2);
                    s3 = v.fma(FloatVector.broadcast(F, q[p3 * width + i]), s3);
                }
                var scale = FloatVector.fromArray(F, panel, (width + g) * KEYS + pass);
                add(s0, scale.mul(scales[part * groups + g]), sums, sum + pass);
                add(s1, scale.mul(scales[p1 * groups + g]), sums, sum + pass + 4 * KEYS);
                add(s2, scale.mul(scales[p2 * groups + g]), sums, sum + pass + 8 * KEYS);
                add(s3, scale.mul(scales[p3 * groups + g]), sums, sum + pass + 12 * KEYS);
            }
        }
    }

    private static void add(FloatVector dot, FloatVector scale, float[] sums, int at) {
        dot.fma(scale, FloatVector.fromArray(F, sums, at)).intoArray(sums, at);
    }
}
