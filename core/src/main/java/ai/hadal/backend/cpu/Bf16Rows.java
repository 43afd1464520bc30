package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.I;
import static ai.hadal.backend.cpu.Lanes.REDUCTION;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// Four BF16 rows times one vector, multiplied as they are stored, on vectors of sixteen lanes.
final class Bf16Rows {

    private Bf16Rows() {}

    /// Leaves the lanes of row i at `lanes[16 i ..]`.
    ///
    /// @param o0 where a row begins in `data`, as `o1` to `o3`
    /// @param n elements of a row, a multiple of 16
    static void four(MemorySegment data, long o0, long o1, long o2, long o3, float[] x, int xo, int n, float[] lanes) {
        var s0 = FloatVector.zero(F);
        var s1 = FloatVector.zero(F);
        var s2 = FloatVector.zero(F);
        var s3 = FloatVector.zero(F);
        for (int k = 0; k < n; k += 16) {
            var v = FloatVector.fromArray(F, x, xo + k);
            long at = 2L * k;
            s0 = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, o0 + at, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .fma(v, s0);
            s1 = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, o1 + at, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .fma(v, s1);
            s2 = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, o2 + at, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .fma(v, s2);
            s3 = ShortVector.fromMemorySegment(ShortVector.SPECIES_256, data, o3 + at, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .fma(v, s3);
        }
        s0.intoArray(lanes, 0);
        s1.intoArray(lanes, REDUCTION);
        s2.intoArray(lanes, 2 * REDUCTION);
        s3.intoArray(lanes, 3 * REDUCTION);
    }
}
