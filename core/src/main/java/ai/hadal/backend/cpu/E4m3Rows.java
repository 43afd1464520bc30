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

/// Four E4M3 rows of one tile row times one vector, multiplied as they are stored, on vectors of sixteen lanes.
///
/// ### Implementation note
/// The seven magnitude bits moved to a float's place give the value times 2^-120, subnormals included, so one
/// multiplication by 2^120 times the tile's scale makes the weight. It does not serve NaN codes and scales above 2^7,
/// which no real checkpoint has and [#serves] finds.
final class E4m3Rows {

    private static final int TILE = 128;

    /// The UE8M0 code of 2^7.
    private static final int LARGEST_SCALE = 134;

    private E4m3Rows() {}

    /// Whether the rows have neither NaN nor scales that are too large.
    ///
    /// @param from where the rows begin in `data`, one behind the other
    /// @param bytes of all of them
    static boolean serves(MemorySegment data, long from, long bytes, MemorySegment scale, long scaleRow, int tiles) {
        for (int t = 0; t < tiles; t++) {
            if ((scale.get(ValueLayout.JAVA_BYTE, scaleRow + t) & 0xff) > LARGEST_SCALE) {
                return false;
            }
        }
        var nan = ByteVector.SPECIES_512.maskAll(false);
        long i = 0;
        for (; i + 64 <= bytes; i += 64) {
            nan = nan.or(ByteVector.fromMemorySegment(ByteVector.SPECIES_512, data, from + i, ByteOrder.LITTLE_ENDIAN)
                    .and((byte) 0x7f)
                    .compare(VectorOperators.EQ, (byte) 0x7f));
        }
        boolean any = nan.anyTrue();
        for (; i < bytes; i++) {
            any |= (data.get(ValueLayout.JAVA_BYTE, from + i) & 0x7f) == 0x7f;
        }
        return !any;
    }

    /// Leaves the lanes of row i at `lanes[16 i ..]`.
    ///
    /// @param o0 where a row begins in `data`, as `o1` to `o3`
    /// @param scaleRow where the rows' scales begin in `scale`
    /// @param n elements of a row, a multiple of 128
    static void four(
            MemorySegment data,
            long o0,
            long o1,
            long o2,
            long o3,
            MemorySegment scale,
            long scaleRow,
            float[] x,
            int xo,
            int n,
            float[] lanes) {
        var s0 = FloatVector.zero(F);
        var s1 = FloatVector.zero(F);
        var s2 = FloatVector.zero(F);
        var s3 = FloatVector.zero(F);
        var factor = FloatVector.zero(F);
        for (int k = 0; k < n; k += 16) {
            if (k % TILE == 0) {
                int code = scale.get(ValueLayout.JAVA_BYTE, scaleRow + k / TILE) & 0xff;
                factor = FloatVector.broadcast(F, Float.intBitsToFloat(code + 120 << 23));
            }
            var v = FloatVector.fromArray(F, x, xo + k);
            s0 = ByteVector.fromMemorySegment(ByteVector.SPECIES_128, data, o0 + k, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.B2I, I, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 20)
                    .and(0x87F00000)
                    .reinterpretAsFloats()
                    .mul(factor)
                    .fma(v, s0);
            s1 = ByteVector.fromMemorySegment(ByteVector.SPECIES_128, data, o1 + k, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.B2I, I, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 20)
                    .and(0x87F00000)
                    .reinterpretAsFloats()
                    .mul(factor)
                    .fma(v, s1);
            s2 = ByteVector.fromMemorySegment(ByteVector.SPECIES_128, data, o2 + k, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.B2I, I, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 20)
                    .and(0x87F00000)
                    .reinterpretAsFloats()
                    .mul(factor)
                    .fma(v, s2);
            s3 = ByteVector.fromMemorySegment(ByteVector.SPECIES_128, data, o3 + k, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.B2I, I, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 20)
                    .and(0x87F00000)
                    .reinterpretAsFloats()
                    .mul(factor)
                    .fma(v, s3);
        }
        s0.intoArray(lanes, 0);
        s1.intoArray(lanes, REDUCTION);
        s2.intoArray(lanes, 2 * REDUCTION);
        s3.intoArray(lanes, 3 * REDUCTION);
    }
}
