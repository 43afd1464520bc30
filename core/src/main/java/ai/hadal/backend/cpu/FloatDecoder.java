package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.I;
import static ai.hadal.backend.cpu.Lanes.L;
import static ai.hadal.backend.cpu.Lanes.S;

import ai.hadal.tensor.Bf16;
import ai.hadal.tensor.F16;
import ai.hadal.tensor.Little;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/// F32, BF16 and F16 rows to floats.
final class FloatDecoder {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// 2^112: from F16's exponent bias to that of a float.
    private static final float F16_BIAS = 0x1p112f;

    private FloatDecoder() {}

    static void f32(MemorySegment data, long offset, int n, float[] out, int to) {
        MemorySegment.copy(data, FLOAT, offset, out, to, n);
    }

    static void bf16(MemorySegment data, long offset, int n, float[] out, int to) {
        int i = 0;
        for (; i + L <= n; i += L) {
            ShortVector.fromMemorySegment(S, data, offset + 2L * i, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .intoArray(out, to + i);
        }
        for (; i < n; i++) {
            out[to + i] = Bf16.decode(data.get(Little.SHORT, offset + 2L * i));
        }
    }

    /// The magnitude bits moved to a float's place give the value times 2^-112, subnormals included; infinities and
    /// NaN, whose exponent would come out finite, get theirs back.
    static void f16(MemorySegment data, long offset, int n, float[] out, int to) {
        int i = 0;
        for (; i + L <= n; i += L) {
            var h = ShortVector.fromMemorySegment(S, data, offset + 2L * i, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, I, 0)
                    .reinterpretAsInts();
            var magnitude = h.and(0x7FFF).lanewise(VectorOperators.LSHL, 13);
            var finite = magnitude.reinterpretAsFloats().mul(F16_BIAS).reinterpretAsInts();
            var special = h.and(0x7C00).compare(VectorOperators.EQ, 0x7C00);
            finite.blend(magnitude.or(0x7F800000), special)
                    .or(h.and(0x80000000))
                    .reinterpretAsFloats()
                    .intoArray(out, to + i);
        }
        for (; i < n; i++) {
            out[to + i] = F16.decode(data.get(Little.SHORT, offset + 2L * i));
        }
    }
}
