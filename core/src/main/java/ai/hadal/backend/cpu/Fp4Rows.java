package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.I;
import static ai.hadal.backend.cpu.Lanes.REDUCTION;

import ai.hadal.tensor.Little;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Four rows in the official FP4 times one vector, multiplied as they are stored, on vectors of sixteen lanes: a word
/// holds eight neighbours, two words are a vector.
///
/// ### Implementation note
/// As [Mxfp4Rows], with the scales in a tensor of their own.
final class Fp4Rows {

    private Fp4Rows() {}

    /// Leaves the lanes of row i at `lanes[16 i ..]`.
    ///
    /// @param o0 where a row begins in `data`, as `o1` to `o3`
    /// @param p0 where its scales begin in `scale`, as `p1` to `p3`
    /// @param n elements of a row, a multiple of 32
    static void four(
            MemorySegment data,
            long o0,
            long o1,
            long o2,
            long o3,
            MemorySegment scale,
            long p0,
            long p1,
            long p2,
            long p3,
            float[] x,
            int xo,
            int n,
            float[] lanes) {
        var values = Nibbles.values();
        var shifts = Nibbles.shifts();
        var upper = Nibbles.upper();
        float[] scales = Nibbles.SCALES;
        var s0 = FloatVector.zero(F);
        var s1 = FloatVector.zero(F);
        var s2 = FloatVector.zero(F);
        var s3 = FloatVector.zero(F);
        for (int k = 0; k < n; k += 32) {
            int at = k >> 1;
            int group = k >> 5;
            var x0 = FloatVector.fromArray(F, x, xo + k);
            var x1 = FloatVector.fromArray(F, x, xo + k + 16);
            var table0 = values.mul(scales[scale.get(ValueLayout.JAVA_BYTE, p0 + group) & 0xff])
                    .reinterpretAsInts();
            s0 = IntVector.broadcast(I, data.get(Little.INT, o0 + at))
                    .blend(data.get(Little.INT, o0 + at + 4), upper)
                    .lanewise(VectorOperators.LSHR, shifts)
                    .and(15)
                    .selectFrom(table0)
                    .reinterpretAsFloats()
                    .fma(x0, s0);
            s0 = IntVector.broadcast(I, data.get(Little.INT, o0 + at + 8))
                    .blend(data.get(Little.INT, o0 + at + 12), upper)
                    .lanewise(VectorOperators.LSHR, shifts)
                    .and(15)
                    .selectFrom(table0)
                    .reinterpretAsFloats()
                    .fma(x1, s0);
            var table1 = values.mul(scales[scale.get(ValueLayout.JAVA_BYTE, p1 + group) & 0xff])
                    .reinterpretAsInts();
            s1 = IntVector.broadcast(I, data.get(Little.INT, o1 + at))
                    .blend(data.get(Little.INT, o1 + at + 4), upper)
                    .lanewise(VectorOperators.LSHR, shifts)
                    .and(15)
                    .selectFrom(table1)
                    .reinterpretAsFloats()
                    .fma(x0, s1);
            s1 = IntVector.broadcast(I, data.get(Little.INT, o1 + at + 8))
                    .blend(data.get(Little.INT, o1 + at + 12), upper)
                    .lanewise(VectorOperators.LSHR, shifts)
                    .and(15)
                    .selectFrom(table1)
                    .reinterpretAsFloats()
                    .fma(x1, s1);
            var table2 = values.mul(scales[scale.get(ValueLayout.JAVA_BYTE, p2 + group) & 0xff])
                    .reinterpretAsInts();
            s2 = IntVector.broadcast(I, data.get(Little.INT, o2 + at))
                    .blend(data.get(Little.INT, o2 + at + 4), upper)
                    .lanewise(VectorOperators.LSHR, shifts)
                    .and(15)
                    .selectFrom(table2)
                    .reinterpretAsFloats()
                    .fma(x0, s2);
            s2 = IntVector.broadcast(I, data.get(Little.INT, o2 + at + 8))
                    .blend(data.get(Little.INT, o2 + at + 12), upper)
                    .lanewise(VectorOperators.LSHR, shifts)
                    .and(15)
                    .selectFrom(table2)
                    .reinterpretAsFloats()
                    .fma(x1, s2);
            var table3 = values.mul(scales[scale.get(ValueLayout.JAVA_BYTE, p3 + group) & 0xff])
                    .reinterpretAsInts();
            s3 = IntVector.broadcast(I, data.get(Little.INT, o3 + at))
                    .blend(data.get(Little.INT, o3 + at + 4), upper)
                    .lanewise(VectorOperators.LSHR, shifts)
                    .and(15)
                    .selectFrom(table3)
                    .reinterpretAsFloats()
                    .fma(x0, s3);
            s3 = IntVector.broadcast(I, data.get(Little.INT, o3 + at + 8))
                    .blend(data.get(Little.INT, o3 + at + 12), upper)
                    .lanewise(VectorOperators.LSHR, shifts)
                    .and(15)
                    .selectFrom(table3)
                    .reinterpretAsFloats()
                    .fma(x1, s3);
        }
        s0.intoArray(lanes, 0);
        s1.intoArray(lanes, REDUCTION);
        s2.intoArray(lanes, 2 * REDUCTION);
        s3.intoArray(lanes, 3 * REDUCTION);
    }
}
