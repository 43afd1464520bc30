package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.L;

import ai.hadal.backend.natives.NativeInt8;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Int8;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Input vectors as 8-bit integers, see [Int8]: as floats for the kernels in Java, and as bytes outside of the heap for
/// those in C, where there are any.
final class Int8Input {

    /// Elements of half a group.
    static final int HALF = Int8.GROUP / 2;

    private final boolean isNative = NativeInt8.instance() != null;
    private int cols = Int8.GROUP;
    private float[] codes = {};
    private float[] scales = {};
    private MemorySegment codeBytes = MemorySegment.NULL;
    private MemorySegment scaleFloats = MemorySegment.NULL;
    private MemorySegment sums = MemorySegment.NULL;
    private MemorySegment halfSums = MemorySegment.NULL;

    /// Takes `rows` vectors of `cols` elements that lie one after the other.
    Int8Input encode(float[] x, int rows, int cols, Team team) {
        this.cols = cols;
        int size = rows * cols;
        int groups = size / Int8.GROUP;
        if (codes.length < size) {
            codes = new float[size];
            scales = new float[groups];
            if (isNative) {
                codeBytes = Arena.ofAuto().allocate(size, 64);
                scaleFloats = Arena.ofAuto().allocate(4L * groups, 64);
                sums = Arena.ofAuto().allocate(4L * groups, 64);
                halfSums = Arena.ofAuto().allocate(4L * groups, 64);
            }
        }
        team.run(rows, 4L * cols, (row, scratch) -> encodeRow(x, row, scratch));
        return this;
    }

    private void encodeRow(float[] x, int row, Scratch scratch) {
        for (int g = row * groups(); g < (row + 1) * groups(); g++) {
            encodeGroup(x, g * Int8.GROUP, g);
        }
        if (isNative) {
            byte[] bytes = scratch.bytes(cols);
            int from = row * cols;
            for (int i = 0; i < cols; i++) {
                bytes[i] = (byte) codes[from + i];
            }
            MemorySegment.copy(bytes, 0, codeBytes, ValueLayout.JAVA_BYTE, from, cols);
            for (int g = row * groups(); g < (row + 1) * groups(); g++) {
                int low = sum(bytes, g * Int8.GROUP - from);
                int high = sum(bytes, g * Int8.GROUP - from + HALF);
                sums.setAtIndex(ValueLayout.JAVA_INT, g, low + high);
                halfSums.setAtIndex(ValueLayout.JAVA_SHORT, 2L * g, (short) low);
                halfSums.setAtIndex(ValueLayout.JAVA_SHORT, 2L * g + 1, (short) high);
                scaleFloats.setAtIndex(ValueLayout.JAVA_FLOAT, g, scales[g]);
            }
        }
    }

    /// The sum of half a group.
    private static int sum(byte[] codes, int at) {
        int sum = 0;
        for (int i = at; i < at + HALF; i++) {
            sum += codes[i];
        }
        return sum;
    }

    /// The vector twin of [Int8#encode].
    private void encodeGroup(float[] x, int at, int g) {
        var largest = FloatVector.zero(F);
        for (int i = 0; i < Int8.GROUP; i += L) {
            largest = largest.max(FloatVector.fromArray(F, x, at + i).lanewise(VectorOperators.ABS));
        }
        float amax = largest.reduceLanes(VectorOperators.MAX);
        scales[g] = Int8.scale(amax);
        float factor = Int8.factor(amax);
        for (int i = 0; i < Int8.GROUP; i += L) {
            var code = factor == 0f
                    ? FloatVector.zero(F)
                    : FloatVector.fromArray(F, x, at + i)
                            .mul(factor)
                            .add(Int8.ROUND)
                            .sub(Int8.ROUND);
            code.intoArray(codes, at + i);
        }
    }

    /// Elements of a vector.
    int cols() {
        return cols;
    }

    /// Groups of a vector.
    int groups() {
        return cols / Int8.GROUP;
    }

    /// The integers, as floats: those of vector r from `r * cols` on.
    float[] codes() {
        return codes;
    }

    /// The scales: those of vector r from `r * groups` on.
    float[] scales() {
        return scales;
    }

    MemorySegment codeBytes() {
        return codeBytes;
    }

    MemorySegment scaleFloats() {
        return scaleFloats;
    }

    /// Sums of the codes of groups, or of their halves, as the kernels of a format take them.
    MemorySegment sums(Format format) {
        return NativeInt8.takesHalfSums(format) ? halfSums : sums;
    }
}
