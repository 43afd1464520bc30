package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.B;
import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.I;
import static ai.hadal.backend.cpu.Lanes.L;
import static ai.hadal.backend.cpu.Lanes.PARTS;

import ai.hadal.tensor.F16;
import ai.hadal.tensor.Iq2Xxs;
import ai.hadal.tensor.Little;
import ai.hadal.tensor.Q4_K;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Formats in blocks of 256 elements: Q4_K, Q6_K, Q2_K and IQ2_XXS. The vector twin of their scalar decoders, with each
/// value computed by the same float operations. Their integers are the same with all but the scales multiplied into
/// them left out.
final class SuperBlockDecoder {

    private static final int BLOCK = 256;

    /// Eight elements of IQ2_XXS at a time where vectors are wide enough, else four.
    private static final VectorSpecies<Float> EIGHT = L >= 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;

    private static final VectorSpecies<Integer> EIGHT_INTS = L >= 8 ? IntVector.SPECIES_256 : IntVector.SPECIES_128;

    /// The magnitudes of the grid's entries, eight each.
    private static final float[] MAGNITUDES = magnitudes();

    /// The sign bits of the 7-bit codes, eight each.
    private static final int[] SIGNS = signs();

    private SuperBlockDecoder() {}

    static void q4(MemorySegment data, long offset, int n, float[] out, int to) {
        q4(data, offset, n, out, to, false);
    }

    static void q4Codes(MemorySegment data, long offset, int n, float[] out, int to) {
        q4(data, offset, n, out, to, true);
    }

    private static void q4(MemorySegment data, long offset, int n, float[] out, int to, boolean codes) {
        for (int block = 0; block < n / BLOCK; block++) {
            long at = offset + block * 144L;
            float d = half(data, at);
            float dmin = half(data, at + 2);
            for (int pair = 0; pair < 4; pair++) {
                int even = 2 * pair;
                float scale0 = codes ? 1f : d * Q4_K.scale(data, at + 4, even);
                float scale1 = codes ? 1f : d * Q4_K.scale(data, at + 4, even + 1);
                float min0 = codes ? 0f : dmin * Q4_K.min(data, at + 4, even);
                float min1 = codes ? 0f : dmin * Q4_K.min(data, at + 4, even + 1);
                int place = to + block * BLOCK + 64 * pair;
                for (int i = 0; i < 32; i += B.length()) {
                    var bytes = bytes(data, at + 16 + 32L * pair + i);
                    for (int part = 0; part < PARTS; part++) {
                        var pairs = wide(bytes, part);
                        int p = place + i + part * L;
                        value(pairs.and(15), scale0).sub(min0).intoArray(out, p);
                        value(pairs.lanewise(VectorOperators.LSHR, 4), scale1)
                                .sub(min1)
                                .intoArray(out, p + 32);
                    }
                }
            }
        }
    }

    static void q6(MemorySegment data, long offset, int n, float[] out, int to) {
        q6(data, offset, n, out, to, false);
    }

    static void q6Codes(MemorySegment data, long offset, int n, float[] out, int to) {
        q6(data, offset, n, out, to, true);
    }

    private static void q6(MemorySegment data, long offset, int n, float[] out, int to, boolean codes) {
        for (int block = 0; block < n / BLOCK; block++) {
            long at = offset + block * 210L;
            float d = codes ? 1f : half(data, at + 208);
            q6Half(data, at, at + 128, data.get(Little.LONG, at + 192), d, out, to + block * BLOCK);
            q6Half(data, at + 64, at + 160, data.get(Little.LONG, at + 200), d, out, to + block * BLOCK + 128);
        }
    }

    /// Half a block, which the compiler takes as one piece.
    ///
    /// @param scales eight of them, a byte each
    private static void q6Half(MemorySegment data, long lowAt, long highAt, long scales, float d, float[] out, int to) {
        for (int i = 0; i < 32; i += B.length()) {
            var low = bytes(data, lowAt + i);
            var next = bytes(data, lowAt + 32 + i);
            var high = bytes(data, highAt + i);
            for (int part = 0; part < PARTS; part++) {
                int l = i + part * L;
                var a = wide(low, part);
                var b = wide(next, part);
                var h = wide(high, part);
                long s = scales >> l / 16 * 8;
                six(a.and(15), h, d * (byte) s).intoArray(out, to + l);
                six(b.and(15), h.lanewise(VectorOperators.LSHR, 2), d * (byte) (s >> 16))
                        .intoArray(out, to + l + 32);
                six(a.lanewise(VectorOperators.LSHR, 4), h.lanewise(VectorOperators.LSHR, 4), d * (byte) (s >> 32))
                        .intoArray(out, to + l + 64);
                six(b.lanewise(VectorOperators.LSHR, 4), h.lanewise(VectorOperators.LSHR, 6), d * (byte) (s >> 48))
                        .intoArray(out, to + l + 96);
            }
        }
    }

    private static FloatVector six(IntVector low, IntVector high, float scale) {
        return value(low.or(high.and(3).lanewise(VectorOperators.LSHL, 4)).sub(32), scale);
    }

    static void q2(MemorySegment data, long offset, int n, float[] out, int to) {
        q2(data, offset, n, out, to, false);
    }

    static void q2Codes(MemorySegment data, long offset, int n, float[] out, int to) {
        q2(data, offset, n, out, to, true);
    }

    private static void q2(MemorySegment data, long offset, int n, float[] out, int to, boolean codes) {
        for (int block = 0; block < n / BLOCK; block++) {
            long at = offset + block * 84L;
            float d = codes ? 1f : half(data, at + 80);
            float dmin = codes ? 0f : half(data, at + 82);
            for (int half = 0; half < 2; half++) {
                for (int i = 0; i < 32; i += B.length()) {
                    var bytes = bytes(data, at + 16 + 32L * half + i);
                    for (int part = 0; part < PARTS; part++) {
                        int l = i + part * L;
                        var four = wide(bytes, part);
                        for (int group = 0; group < 4; group++) {
                            int scales = signed(data, at + 8L * half + 2L * group + l / 16) & 0xff;
                            value(four.lanewise(VectorOperators.LSHR, 2 * group).and(3), d * (scales & 15))
                                    .sub(dmin * (scales >> 4))
                                    .intoArray(out, to + block * BLOCK + 128 * half + 32 * group + l);
                        }
                    }
                }
            }
        }
    }

    static void iq2(MemorySegment data, long offset, int n, float[] out, int to) {
        iq2(data, offset, n, out, to, false);
    }

    static void iq2Codes(MemorySegment data, long offset, int n, float[] out, int to) {
        iq2(data, offset, n, out, to, true);
    }

    private static void iq2(MemorySegment data, long offset, int n, float[] out, int to, boolean codes) {
        for (int block = 0; block < n / BLOCK; block++) {
            long at = offset + block * 66L;
            float d = half(data, at);
            for (int group = 0; group < 8; group++) {
                int indices = data.get(Little.INT, at + 2 + 8L * group);
                int signsAndScale = data.get(Little.INT, at + 6 + 8L * group);
                float scale = codes ? 1f : d * ((signsAndScale >>> 28) + 0.5f) * 0.25f;
                for (int l = 0; l < 4; l++) {
                    int grid = 8 * (indices >>> 8 * l & 0xff);
                    int signs = 8 * (signsAndScale >>> 7 * l & 127);
                    int place = to + block * BLOCK + 32 * group + 8 * l;
                    for (int i = 0; i < 8; i += EIGHT.length()) {
                        FloatVector.fromArray(EIGHT, MAGNITUDES, grid + i)
                                .mul(scale)
                                .reinterpretAsInts()
                                .lanewise(VectorOperators.XOR, IntVector.fromArray(EIGHT_INTS, SIGNS, signs + i))
                                .reinterpretAsFloats()
                                .intoArray(out, place + i);
                    }
                }
            }
        }
    }

    private static ByteVector bytes(MemorySegment data, long at) {
        return ByteVector.fromMemorySegment(B, data, at, ByteOrder.LITTLE_ENDIAN);
    }

    private static IntVector wide(ByteVector bytes, int part) {
        return bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, I, part).reinterpretAsInts();
    }

    private static FloatVector value(IntVector codes, float scale) {
        return ((FloatVector) codes.convertShape(VectorOperators.I2F, F, 0)).mul(scale);
    }

    private static float half(MemorySegment data, long at) {
        return F16.decode(data.get(Little.SHORT, at));
    }

    private static int signed(MemorySegment data, long at) {
        return data.get(ValueLayout.JAVA_BYTE, at);
    }

    private static float[] magnitudes() {
        float[] values = new float[256 * 8];
        for (int i = 0; i < values.length; i++) {
            values[i] = Iq2Xxs.magnitude(i / 8, i % 8);
        }
        return values;
    }

    private static int[] signs() {
        int[] bits = new int[128 * 8];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (Iq2Xxs.signs(i / 8) >> i % 8 & 1) << 31;
        }
        return bits;
    }
}
