package ai.hadal.backend.reference;

import ai.hadal.backend.CompressorShape;
import ai.hadal.backend.CompressorSpan;
import ai.hadal.backend.Ring;
import ai.hadal.backend.host.Arithmetic;
import ai.hadal.backend.host.CompressedEntry;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostRing;

/// The compressor's work on one span: gates get their positional table, completed blocks become entries, raw rows
/// are kept for the blocks that follow.
record ReferenceCompressor(CompressorShape shape, CompressorSpan span, HostActivations values, HostActivations gates) {

    void run() {
        addPositional();
        float[] entry = new float[shape.width()];
        int ratio = shape.ratio();
        long end = span.position() + span.rows();
        for (long block = span.position() / ratio; (block + 1) * ratio <= end; block++) {
            for (int c = 0; c < entry.length; c++) {
                entry[c] = pool(block, c);
            }
            CompressedEntry.finish(shape, block * ratio, entry, Arithmetic.dot(entry, 0, entry, 0, entry.length));
            span.entries().append(entry, 0);
        }
        HostRing.of(span.values()).writeAll(span.position(), values.data(), span.row(), span.rows());
        HostRing.of(span.gates()).writeAll(span.position(), gates.data(), span.row(), span.rows());
    }

    private void addPositional() {
        int width = shape.rowWidth();
        for (int i = 0; i < span.rows(); i++) {
            int table = (int) ((span.position() + i) % shape.ratio()) * width;
            for (int c = 0; c < width; c++) {
                gates.data()[(span.row() + i) * width + c] += shape.ape()[table + c];
            }
        }
    }

    /// Softmax-weighted mean of channel c over the rows that block pools.
    private float pool(long block, int c) {
        long own = block * shape.ratio();
        long first = shape.overlapping() && block > 0 ? own - shape.ratio() : own;
        float max = Float.NEGATIVE_INFINITY;
        for (long p = first; p < own + shape.ratio(); p++) {
            max = Math.max(max, at(span.gates(), gates, p, channel(p, own, c)));
        }
        float weighted = 0f;
        float sum = 0f;
        for (long p = first; p < own + shape.ratio(); p++) {
            int channel = channel(p, own, c);
            float w = Arithmetic.exp(at(span.gates(), gates, p, channel) - max);
            weighted = Math.fma(w, at(span.values(), values, p, channel), weighted);
            sum += w;
        }
        return weighted / sum;
    }

    /// Rows before the block give their first half, the block's own rows their second (if entries overlap).
    private int channel(long position, long own, int c) {
        return shape.overlapping() && position >= own ? shape.width() + c : c;
    }

    private float at(Ring ring, HostActivations step, long position, int channel) {
        if (position < span.position()) {
            var r = HostRing.of(ring);
            return r.data()[r.offset(position) + channel];
        }
        int row = span.row() + (int) (position - span.position());
        return step.data()[row * step.cols() + channel];
    }
}
