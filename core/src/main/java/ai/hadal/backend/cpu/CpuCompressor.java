package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.L;

import ai.hadal.backend.CompressorShape;
import ai.hadal.backend.CompressorSpan;
import ai.hadal.backend.Ring;
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.CompressedEntry;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostRing;
import jdk.incubator.vector.FloatVector;

/// The compressor's work on one span, channels along the lanes.
record CpuCompressor(CompressorShape shape, CompressorSpan span, HostActivations values, HostActivations gates) {

    /// Adds the positional table to the gates.
    void addPositional() {
        int width = shape.rowWidth();
        float[] ape = shape.ape();
        float[] g = gates.data();
        for (int i = 0; i < span.rows(); i++) {
            int table = (int) ((span.position() + i) % shape.ratio()) * width;
            int row = (span.row() + i) * width;
            for (int c = 0; c < width; c++) {
                g[row + c] += ape[table + c];
            }
        }
    }

    /// Blocks that the span completes.
    int blocks() {
        return (int) ((span.position() + span.rows()) / shape.ratio() - span.position() / shape.ratio());
    }

    /// The entry of the i-th completed block to `out[to ..]`.
    void entry(int i, float[] out, int to, Scratch scratch) {
        int width = shape.width();
        int ratio = shape.ratio();
        long block = span.position() / ratio + i;
        long own = block * ratio;
        long first = shape.overlapping() && block > 0 ? own - ratio : own;
        int n = (int) (own + ratio - first);
        float[] entry = new float[width];
        pool(first, own, n, entry);
        CompressedEntry.finish(shape, own, entry, Dot.one(entry, 0, entry, 0, width, scratch.lanes));
        System.arraycopy(entry, 0, out, to, width);
    }

    private void pool(long first, long own, int n, float[] entry) {
        float[][] g = new float[n][];
        float[][] v = new float[n][];
        int[] go = new int[n];
        int[] vo = new int[n];
        for (int r = 0; r < n; r++) {
            long p = first + r;
            int half = shape.overlapping() && p >= own ? shape.width() : 0;
            g[r] = data(span.gates(), gates, p);
            go[r] = offset(span.gates(), gates, p) + half;
            v[r] = data(span.values(), values, p);
            vo[r] = offset(span.values(), values, p) + half;
        }
        int c = 0;
        for (; c + L <= entry.length; c += L) {
            var max = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
            for (int r = 0; r < n; r++) {
                max = max.max(FloatVector.fromArray(F, g[r], go[r] + c));
            }
            var weighted = FloatVector.zero(F);
            var sum = FloatVector.zero(F);
            for (int r = 0; r < n; r++) {
                var w = Exponential.exp(
                        FloatVector.fromArray(F, g[r], go[r] + c).sub(max));
                weighted = w.fma(FloatVector.fromArray(F, v[r], vo[r] + c), weighted);
                sum = sum.add(w);
            }
            weighted.div(sum).intoArray(entry, c);
        }
        for (; c < entry.length; c++) {
            float max = Float.NEGATIVE_INFINITY;
            for (int r = 0; r < n; r++) {
                max = Math.max(max, g[r][go[r] + c]);
            }
            float weighted = 0f;
            float sum = 0f;
            for (int r = 0; r < n; r++) {
                float w = Arithmetic.exp(g[r][go[r] + c] - max);
                weighted = Math.fma(w, v[r][vo[r] + c], weighted);
                sum += w;
            }
            entry[c] = weighted / sum;
        }
    }

    private float[] data(Ring ring, HostActivations step, long position) {
        return position < span.position() ? HostRing.of(ring).data() : step.data();
    }

    private int offset(Ring ring, HostActivations step, long position) {
        return position < span.position()
                ? HostRing.of(ring).offset(position)
                : (span.row() + (int) (position - span.position())) * step.cols();
    }

    /// Keeps the span's raw rows for the blocks that follow.
    void store() {
        HostRing.of(span.values()).writeAll(span.position(), values.data(), span.row(), span.rows());
        HostRing.of(span.gates()).writeAll(span.position(), gates.data(), span.row(), span.rows());
    }
}
