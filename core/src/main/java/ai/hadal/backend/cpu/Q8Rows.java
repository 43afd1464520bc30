package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.REDUCTION;

import ai.hadal.tensor.Little;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Four Q8_0 rows times one vector, multiplied as they are stored, on vectors of sixteen lanes.
final class Q8Rows {

    private Q8Rows() {}

    /// Leaves the lanes of row i at `lanes[16 i ..]`.
    ///
    /// @param o0 where a row begins in `data`, as `o1` to `o3`
    /// @param n elements of a row, a multiple of 32
    static void four(MemorySegment data, long o0, long o1, long o2, long o3, float[] x, int xo, int n, float[] lanes) {
        var s0 = FloatVector.zero(F);
        var s1 = FloatVector.zero(F);
        var s2 = FloatVector.zero(F);
        var s3 = FloatVector.zero(F);
        for (int k = 0, at = 0; k < n; k += 32, at += 34) {
            var x0 = FloatVector.fromArray(F, x, xo + k);
            var x1 = FloatVector.fromArray(F, x, xo + k + 16);
            float d0 = Float.float16ToFloat(data.get(Little.SHORT, o0 + at));
            s0 = ((FloatVector) ByteVector.fromMemorySegment(
                                    ByteVector.SPECIES_128, data, o0 + at + 2, ByteOrder.LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, F, 0))
                    .mul(d0)
                    .fma(x0, s0);
            s0 = ((FloatVector) ByteVector.fromMemorySegment(
                                    ByteVector.SPECIES_128, data, o0 + at + 18, ByteOrder.LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, F, 0))
                    .mul(d0)
                    .fma(x1, s0);
            float d1 = Float.float16ToFloat(data.get(Little.SHORT, o1 + at));
            s1 = ((FloatVector) ByteVector.fromMemorySegment(
                                    ByteVector.SPECIES_128, data, o1 + at + 2, ByteOrder.LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, F, 0))
                    .mul(d1)
                    .fma(x0, s1);
            s1 = ((FloatVector) ByteVector.fromMemorySegment(
                                    ByteVector.SPECIES_128, data, o1 + at + 18, ByteOrder.LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, F, 0))
                    .mul(d1)
                    .fma(x1, s1);
            float d2 = Float.float16ToFloat(data.get(Little.SHORT, o2 + at));
            s2 = ((FloatVector) ByteVector.fromMemorySegment(
                                    ByteVector.SPECIES_128, data, o2 + at + 2, ByteOrder.LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, F, 0))
                    .mul(d2)
                    .fma(x0, s2);
            s2 = ((FloatVector) ByteVector.fromMemorySegment(
                                    ByteVector.SPECIES_128, data, o2 + at + 18, ByteOrder.LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, F, 0))
                    .mul(d2)
                    .fma(x1, s2);
            float d3 = Float.float16ToFloat(data.get(Little.SHORT, o3 + at));
            s3 = ((FloatVector) ByteVector.fromMemorySegment(
                                    ByteVector.SPECIES_128, data, o3 + at + 2, ByteOrder.LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, F, 0))
                    .mul(d3)
                    .fma(x0, s3);
            s3 = ((FloatVector) ByteVector.fromMemorySegment(
                                    ByteVector.SPECIES_128, data, o3 + at + 18, ByteOrder.LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, F, 0))
                    .mul(d3)
                    .fma(x1, s3);
        }
        s0.intoArray(lanes, 0);
        s1.intoArray(lanes, REDUCTION);
        s2.intoArray(lanes, 2 * REDUCTION);
        s3.intoArray(lanes, 3 * REDUCTION);
    }
}
