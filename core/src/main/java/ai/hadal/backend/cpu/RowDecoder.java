package ai.hadal.backend.cpu;

import ai.hadal.tensor.E8m0;
import ai.hadal.tensor.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// One stored row to floats, the vector twin of [ai.hadal.tensor.WeightRows#decode] for whole rows.
final class RowDecoder {

    private static final int TILE = 128;

    private RowDecoder() {}

    static void decode(Weight w, int row, float[] out, int to) {
        long at = row * w.rowStride();
        int n = w.cols();
        switch (w.format()) {
            case F32 -> FloatDecoder.f32(w.data(), at, n, out, to);
            case BF16 -> FloatDecoder.bf16(w.data(), at, n, out, to);
            case F16 -> FloatDecoder.f16(w.data(), at, n, out, to);
            case F8_E4M3 -> e4m3(w, row, at, out, to);
            case F4_E2M1 -> {
                var scales = Objects.requireNonNull(w.scale());
                NibbleDecoder.e2m1(w.data(), at, scales, (long) row * (n / 32), n, out, to);
            }
            case Q8_0 -> ByteDecoder.q8(w.data(), at, n, out, to);
            case MXFP4 -> NibbleDecoder.mxfp4(w.data(), at, n, out, to);
            case Q4_K -> SuperBlockDecoder.q4(w.data(), at, n, out, to);
            case Q6_K -> SuperBlockDecoder.q6(w.data(), at, n, out, to);
            case Q2_K -> SuperBlockDecoder.q2(w.data(), at, n, out, to);
            case IQ2_XXS -> SuperBlockDecoder.iq2(w.data(), at, n, out, to);
            default ->
                throw new IllegalArgumentException(w.name() + " is stored as " + w.format() + ", which is no weight");
        }
    }

    private static void e4m3(Weight w, int row, long at, float[] out, int to) {
        MemorySegment scales = Objects.requireNonNull(w.scale());
        int tiles = (w.cols() + TILE - 1) / TILE;
        long scaleRow = (long) (row / TILE) * tiles;
        for (int t = 0; t < tiles; t++) {
            int from = t * TILE;
            float scale = E8m0.decode(scales.get(ValueLayout.JAVA_BYTE, scaleRow + t));
            ByteDecoder.e4m3(w.data(), at + from, Math.min(TILE, w.cols() - from), scale, out, to + from);
        }
    }
}
