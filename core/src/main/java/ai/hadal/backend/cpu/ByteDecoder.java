package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.B;
import static ai.hadal.backend.cpu.Lanes.I;
import static ai.hadal.backend.cpu.Lanes.L;
import static ai.hadal.backend.cpu.Lanes.PARTS;

import ai.hadal.tensor.E4m3;
import ai.hadal.tensor.F16;
import ai.hadal.tensor.Little;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Formats of one byte an element: E4M3 under a tile's scale, and Q8_0 blocks.
final class ByteDecoder {

    /// 2^120: from E4M3's exponent bias to that of a float.
    static final float E4M3_BIAS = 0x1p120f;

    private ByteDecoder() {}

    /// `out = E4M3(code) * scale`. The seven magnitude bits moved to a float's place give the value times 2^-120,
    /// subnormals included; code 0x7F is NaN.
    static void e4m3(MemorySegment data, long offset, int n, float scale, float[] out, int to) {
        int i = 0;
        for (; i + B.length() <= n; i += B.length()) {
            var bytes = ByteVector.fromMemorySegment(B, data, offset + i, ByteOrder.LITTLE_ENDIAN);
            for (int part = 0; part < PARTS; part++) {
                var moved = bytes.convertShape(VectorOperators.B2I, I, part)
                        .reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 20);
                var value = moved.and(0x87F00000).reinterpretAsFloats().mul(E4M3_BIAS);
                var nan = moved.and(0x07F00000).compare(VectorOperators.EQ, 0x07F00000);
                value.blend(Float.NaN, nan.cast(Lanes.F)).mul(scale).intoArray(out, to + i + part * L);
            }
        }
        for (; i < n; i++) {
            out[to + i] = E4m3.decode(data.get(ValueLayout.JAVA_BYTE, offset + i)) * scale;
        }
    }

    /// `n / 32` blocks of a half-precision scale and 32 signed bytes.
    static void q8(MemorySegment data, long offset, int n, float[] out, int to) {
        for (int block = 0; block < n / 32; block++) {
            long at = offset + block * 34L;
            signed(data, at + 2, F16.decode(data.get(Little.SHORT, at)), out, to + block * 32);
        }
    }

    /// The signed bytes of the same blocks.
    static void q8Codes(MemorySegment data, long offset, int n, float[] out, int to) {
        for (int block = 0; block < n / 32; block++) {
            signed(data, offset + block * 34L + 2, 1f, out, to + block * 32);
        }
    }

    /// 32 signed bytes times a scale.
    private static void signed(MemorySegment data, long at, float scale, float[] out, int to) {
        for (int i = 0; i < 32; i += B.length()) {
            var bytes = ByteVector.fromMemorySegment(B, data, at + i, ByteOrder.LITTLE_ENDIAN);
            for (int part = 0; part < PARTS; part++) {
                var q = (FloatVector) bytes.convertShape(VectorOperators.B2F, Lanes.F, part);
                q.mul(scale).intoArray(out, to + i + part * L);
            }
        }
    }
}
