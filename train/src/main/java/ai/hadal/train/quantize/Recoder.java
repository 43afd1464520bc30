package ai.hadal.train.quantize;

import ai.hadal.model.OfficialTensors;
import ai.hadal.model.TensorPlan.Planned;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Mxfp4;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightEncoder;
import ai.hadal.tensor.WeightRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Some rows of a stored matrix in another format. What has that format already stays bit for bit, and FP4 only
/// changes its packing between safetensors and GGUF.
final class Recoder {

    /// Rows that share FP8 scales; bands begin at multiples of it.
    static final int TILE = 128;

    private static final int FP4_GROUP = 32;
    private static final int FP4_BYTES = FP4_GROUP / 2;

    /// Beyond it the half-precision scales of GGUF's formats may become infinite.
    private static final float LARGEST_HALF = 65504f;

    /// Encoded rows, and their scales where the format keeps those apart.
    record Encoded(MemorySegment data, @Nullable MemorySegment scale) {}

    private final OfficialTensors tensors;
    private final Scales scales;

    Recoder(OfficialTensors tensors, Scales scales) {
        this.tensors = tensors;
        this.scales = scales;
    }

    /// Rows `from .. from + rows - 1`.
    ///
    /// @param from a multiple of [#TILE]
    /// @throws ai.hadal.error.HadalException for numbers that the format can't say
    Encoded encode(Planned planned, Weight weight, int from, int rows, Format target, Arena arena) {
        if (weight.format() == target) {
            return copy(weight, from, rows, arena);
        }
        if (weight.format() == Format.F4_E2M1 && target == Format.MXFP4) {
            return toBlocks(weight, from, rows, arena);
        }
        if (weight.format() == Format.MXFP4 && target == Format.F4_E2M1) {
            return toPairs(weight, from, rows, arena);
        }
        float[] values = decode(planned, weight, from, rows, target);
        var encoded = scales == Scales.CLOSEST
                ? WeightEncoder.encodeClosest(planned.name(), target, values, rows, weight.cols(), arena)
                : WeightEncoder.encode(planned.name(), target, values, rows, weight.cols(), arena);
        return new Encoded(encoded.data(), encoded.scale());
    }

    private static Encoded copy(Weight weight, int from, int rows, Arena arena) {
        long rowBytes = weight.format().bytes(weight.cols());
        MemorySegment data;
        if (weight.rowStride() == rowBytes) {
            data = weight.data().asSlice(from * rowBytes, rows * rowBytes);
        } else {
            data = arena.allocate(rows * rowBytes);
            for (int r = 0; r < rows; r++) {
                long at = (from + r) * weight.rowStride();
                MemorySegment.copy(weight.data(), at, data, r * rowBytes, rowBytes);
            }
        }
        MemorySegment scale = weight.scale();
        if (scale == null) {
            return new Encoded(data, null);
        }
        boolean tiles = weight.format() == Format.F8_E4M3;
        int height = tiles ? TILE : 1;
        long width = tiles ? Math.ceilDiv(weight.cols(), TILE) : weight.cols() / FP4_GROUP;
        return new Encoded(data, scale.asSlice(from / height * width, Math.ceilDiv(rows, height) * width));
    }

    private static Encoded toBlocks(Weight weight, int from, int rows, Arena arena) {
        int groups = weight.cols() / FP4_GROUP;
        var blocks = arena.allocate(rows * Format.MXFP4.bytes(weight.cols()));
        var scale = Objects.requireNonNull(weight.scale());
        for (int r = 0; r < rows; r++) {
            for (int g = 0; g < groups; g++) {
                long group = (long) (from + r) * groups + g;
                long at = (from + r) * weight.rowStride() + (long) FP4_BYTES * g;
                byte code = scale.get(ValueLayout.JAVA_BYTE, group);
                long block = ((long) r * groups + g) * Format.MXFP4.blockBytes();
                Mxfp4.fromPairs(weight.data(), at, code, blocks, block);
            }
        }
        return new Encoded(blocks, null);
    }

    private static Encoded toPairs(Weight weight, int from, int rows, Arena arena) {
        int groups = weight.cols() / FP4_GROUP;
        var pairs = arena.allocate((long) rows * groups * FP4_BYTES);
        var scale = arena.allocate((long) rows * groups);
        for (int r = 0; r < rows; r++) {
            for (int g = 0; g < groups; g++) {
                long group = (long) r * groups + g;
                long at = (from + r) * weight.rowStride() + (long) Format.MXFP4.blockBytes() * g;
                MemorySegment.copy(weight.data(), at, scale, group, 1);
                Mxfp4.toPairs(weight.data(), at, pairs, FP4_BYTES * group);
            }
        }
        return new Encoded(pairs, scale);
    }

    private float[] decode(Planned planned, Weight weight, int from, int rows, Format target) {
        int cols = weight.cols();
        float[] values = new float[Math.multiplyExact(rows, cols)];
        boolean half = target == Format.Q8_0 || target == Format.Q4_K;
        for (int r = 0; r < rows; r++) {
            WeightRows.decode(weight, from + r, 0, cols, values, r * cols);
            for (int i = r * cols; i < (r + 1) * cols; i++) {
                if (!Float.isFinite(values[i]) || (half && Math.abs(values[i]) > LARGEST_HALF)) {
                    throw tensors.wrong(
                            planned,
                            "holds " + values[i] + " in row " + (from + r) + ", which " + target + " cannot say");
                }
            }
        }
        return values;
    }
}
