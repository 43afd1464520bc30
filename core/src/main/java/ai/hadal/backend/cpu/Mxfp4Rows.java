package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.I;
import static ai.hadal.backend.cpu.Lanes.REDUCTION;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Four MXFP4 rows times one vector, multiplied as they are stored, on vectors of sixteen lanes: a block of 32 elements
/// is two vectors, its low and its high nibbles, each in the order of the reduction's lanes.
///
/// ### Implementation note
/// The sixteen values of a code times the block's scale are one vector, in which nibbles look up.
final class Mxfp4Rows {

    private Mxfp4Rows() {}

    /// Leaves the lanes of row i at `lanes[16 i ..]`.
    ///
    /// @param o0 where a row begins in `data`, as `o1` to `o3`
    /// @param n elements of a row, a multiple of 32
    static void four(MemorySegment data, long o0, long o1, long o2, long o3, float[] x, int xo, int n, float[] lanes) {
        var values = Nibbles.values();
        float[] scales = Nibbles.SCALES;
        var s0 = FloatVector.zero(F);
        var s1 = FloatVector.zero(F);
        var s2 = FloatVector.zero(F);
        var s3 = FloatVector.zero(F);
        for (int k = 0, at = 0; k < n; k += 32, at += 17) {
            var x0 = FloatVector.fromArray(F, x, xo + k);
            var x1 = FloatVector.fromArray(F, x, xo + k + 16);
            var table = values.mul(scales[data.get(ValueLayout.JAVA_BYTE, o0 + at) & 0xff])
                    .reinterpretAsInts();
            var codes = ByteVector.fromMemorySegment(ByteVector.SPECIES_128, data, o0 + at + 1, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0)
                    .reinterpretAsInts();
            s0 = codes.and(15).selectFrom(table).reinterpretAsFloats().fma(x0, s0);
            s0 = codes.lanewise(VectorOperators.LSHR, 4)
                    .selectFrom(table)
                    .reinterpretAsFloats()
                    .fma(x1, s0);
            table = values.mul(scales[data.get(ValueLayout.JAVA_BYTE, o1 + at) & 0xff])
                    .reinterpretAsInts();
            codes = ByteVector.fromMemorySegment(ByteVector.SPECIES_128, data, o1 + at + 1, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0)
                    .reinterpretAsInts();
            s1 = codes.and(15).selectFrom(table).reinterpretAsFloats().fma(x0, s1);
            s1 = codes.lanewise(VectorOperators.LSHR, 4)
                    .selectFrom(table)
                    .reinterpretAsFloats()
                    .fma(x1, s1);
            table = values.mul(scales[data.get(ValueLayout.JAVA_BYTE, o2 + at) & 0xff])
                    .reinterpretAsInts();
            codes = ByteVector.fromMemorySegment(ByteVector.SPECIES_128, data, o2 + at + 1, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0)
                    .reinterpretAsInts();
            s2 = codes.and(15).selectFrom(table).reinterpretAsFloats().fma(x0, s2);
            s2 = codes.lanewise(VectorOperators.LSHR, 4)
                    .selectFrom(table)
                    .reinterpretAsFloats()
                    .fma(x1, s2);
            table = values.mul(scales[data.get(ValueLayout.JAVA_BYTE, o3 + at) & 0xff])
                    .reinterpretAsInts();
            codes = ByteVector.fromMemorySegment(ByteVector.SPECIES_128, data, o3 + at + 1, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0)
                    .reinterpretAsInts();
            s3 = codes.and(15).selectFrom(table).reinterpretAsFloats().fma(x0, s3);
            s3 = codes.lanewise(VectorOperators.LSHR, 4)
                    .selectFrom(table)
                    .reinterpretAsFloats()
                    .fma(x1, s3);
        }
        s0.intoArray(lanes, 0);
        s1.intoArray(lanes, REDUCTION);
        s2.intoArray(lanes, 2 * REDUCTION);
        s3.intoArray(lanes, 3 * REDUCTION);
    }
}
