package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.B;
import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.I;
import static ai.hadal.backend.cpu.Lanes.L;
import static ai.hadal.backend.cpu.Lanes.PARTS;

import ai.hadal.tensor.E8m0;
import ai.hadal.tensor.Little;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// E2M1 in its two packings: official FP4 (neighbours share a byte, scales apart) and GGUF's MXFP4 (halves of a
/// block share bytes, the scale in front).
///
/// ### Implementation note
/// Twice the magnitude of an E2M1 code is one of 0 1 2 3 4 6 8 12, each a nibble of one constant, so the value is a
/// variable shift of that constant, a conversion, a multiplication by half the scale (both exact) and the sign bit.
/// It needs no table wider than a lane, so it is the same on every vector width.
final class NibbleDecoder {

    private static final int DOUBLED = 0xC8643210;

    /// Where a lane's nibble lies in a 32-bit word: lane l holds nibble `l mod 8`.
    private static final IntVector SHIFTS =
            IntVector.fromArray(I, new int[] {0, 4, 8, 12, 16, 20, 24, 28, 0, 4, 8, 12, 16, 20, 24, 28}, 0);

    /// Lanes 8 to 15, which take the second word of a vector of 16.
    private static final VectorMask<Integer> SECOND_WORD =
            I.indexInRange(0, L).andNot(I.indexInRange(0, Math.min(8, L)));

    private NibbleDecoder() {}

    /// Official FP4: element 2j in the low nibble of byte j; one scale byte for 32 elements.
    static void e2m1(
            MemorySegment data, long offset, MemorySegment scales, long scaleOffset, int n, float[] out, int to) {
        for (int i = 0; i < n; i += L) {
            float half = 0.5f * E8m0.decode(scales.get(ValueLayout.JAVA_BYTE, scaleOffset + i / 32));
            value(pairs(data, offset + i / 2), half).intoArray(out, to + i);
        }
    }

    /// Twice the values of the same codes.
    static void e2m1Codes(MemorySegment data, long offset, int n, float[] out, int to) {
        for (int i = 0; i < n; i += L) {
            value(pairs(data, offset + i / 2), 1f).intoArray(out, to + i);
        }
    }

    /// The nibbles of half as many bytes as there are lanes.
    private static IntVector pairs(MemorySegment data, long at) {
        int word = L == 4 ? data.get(Little.SHORT, at) & 0xFFFF : data.get(Little.INT, at);
        var words = IntVector.broadcast(I, word);
        if (L == 16) {
            words = words.blend(data.get(Little.INT, at + 4), SECOND_WORD);
        }
        return words.lanewise(VectorOperators.LSHR, SHIFTS).and(15);
    }

    /// `n / 32` blocks of a scale byte and 16 bytes: elements 0..15 in the low nibbles, 16..31 in the high ones.
    static void mxfp4(MemorySegment data, long offset, int n, float[] out, int to) {
        for (int block = 0; block < n / 32; block++) {
            long at = offset + block * 17L;
            float half = 0.5f * E8m0.decode(data.get(ValueLayout.JAVA_BYTE, at));
            halves(data, at + 1, half, out, to + block * 32);
        }
    }

    /// Twice the values of the same codes.
    static void mxfp4Codes(MemorySegment data, long offset, int n, float[] out, int to) {
        for (int block = 0; block < n / 32; block++) {
            halves(data, offset + block * 17L + 1, 1f, out, to + block * 32);
        }
    }

    /// The 32 elements of 16 bytes.
    private static void halves(MemorySegment data, long at, float half, float[] out, int to) {
        for (int i = 0; i < 16; i += B.length()) {
            var bytes = ByteVector.fromMemorySegment(B, data, at + i, ByteOrder.LITTLE_ENDIAN);
            for (int part = 0; part < PARTS; part++) {
                var wide = bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, I, part)
                        .reinterpretAsInts();
                int place = to + i + part * L;
                value(wide.and(15), half).intoArray(out, place);
                value(wide.lanewise(VectorOperators.LSHR, 4), half).intoArray(out, place + 16);
            }
        }
    }

    /// Twice the values of the codes in the four low bits of each lane, times `half`.
    static FloatVector value(IntVector nibble, float half) {
        var shift = nibble.and(7).lanewise(VectorOperators.LSHL, 2);
        var doubled = IntVector.broadcast(I, DOUBLED)
                .lanewise(VectorOperators.LSHR, shift)
                .and(15);
        var magnitude = ((FloatVector) doubled.convertShape(VectorOperators.I2F, F, 0)).mul(half);
        var sign = nibble.and(8).lanewise(VectorOperators.LSHL, 28);
        return magnitude.reinterpretAsInts().or(sign).reinterpretAsFloats();
    }
}
