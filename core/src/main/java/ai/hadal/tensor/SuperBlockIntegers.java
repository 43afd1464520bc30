package ai.hadal.tensor;

import java.lang.foreign.ValueLayout;

/// The integers of formats in blocks of 256 elements, with the integer scales of 16 elements multiplied in: what
/// [IntegerRows] has for `Q4_K`, `Q6_K`, `Q2_K` and `IQ2_XXS`.
final class SuperBlockIntegers {

    private static final int BLOCK = 256;
    private static final int GROUPS = BLOCK / Int8.GROUP;

    private SuperBlockIntegers() {}

    static boolean has(Format format) {
        return format == Format.Q4_K || format == Format.Q6_K || format == Format.Q2_K || format == Format.IQ2_XXS;
    }

    /// The integers of a row, as floats.
    static void decode(Weight w, int row, float[] out, int to) {
        for (int i = 0; i < w.cols(); i++) {
            long block = block(w, row, i / BLOCK);
            int k = i % BLOCK;
            out[to + i] = switch (w.format()) {
                case Q4_K -> signed(w, block + 16 + 32L * (k / 64) + k % 32) >> k % 64 / 32 * 4 & 15;
                case Q6_K -> q6(w, block, k);
                case Q2_K -> {
                    int four = signed(w, block + 16 + 32L * (k / 128) + k % 32);
                    yield (signed(w, block + k / 16) & 15) * (four >> k % 128 / 32 * 2 & 3);
                }
                default -> iq2(w, block, k);
            };
        }
    }

    private static int q6(Weight w, long block, int k) {
        int part = k % 128 / 32;
        int low = signed(w, block + 64L * (k / 128) + 32L * (part % 2) + k % 32) >> part / 2 * 4 & 15;
        int high = signed(w, block + 128 + 32L * (k / 128) + k % 32) >> 2 * part & 3;
        return signed(w, block + 192 + k / 16) * ((low | high << 4) - 32);
    }

    private static int iq2(Weight w, long block, int k) {
        long group = block + 2 + 8L * (k / 32);
        int index = signed(w, group + k % 32 / 8) & 0xff;
        int signs = Iq2Xxs.signs(w.data().get(Little.INT, group + 4) >> 7 * (k % 32 / 8) & 127);
        int magnitude = Iq2Xxs.magnitude(index, k % 8);
        return (signs >> k % 8 & 1) == 0 ? magnitude : -magnitude;
    }

    /// What the integers of a group are multiplied with; exact.
    static float scale(Weight w, int row, int group) {
        long block = block(w, row, group / GROUPS);
        int sub = group % GROUPS;
        return switch (w.format()) {
            case Q4_K -> half(w, block) * Q4_K.scale(w.data(), block + 4, sub);
            case Q6_K -> half(w, block + 208);
            case Q2_K -> half(w, block + 80);
            default -> {
                int scale = w.data().get(Little.INT, block + 6 + 8L * sub) >>> 28;
                yield half(w, block) * 0.125f * (2 * scale + 1);
            }
        };
    }

    /// The integer minimum of half a group.
    static int minimum(Weight w, int row, int half) {
        long block = block(w, row, half / (2 * GROUPS));
        return w.format() == Format.Q2_K ? (signed(w, block + half % (2 * GROUPS)) & 0xff) >> 4 : 1;
    }

    /// What the minima of a group are multiplied with; exact.
    static float minimumScale(Weight w, int row, int group) {
        long block = block(w, row, group / GROUPS);
        return w.format() == Format.Q2_K
                ? half(w, block + 82)
                : half(w, block + 2) * Q4_K.min(w.data(), block + 4, group % GROUPS);
    }

    private static long block(Weight w, int row, int block) {
        return row * w.rowStride() + (long) block * w.format().blockBytes();
    }

    private static int signed(Weight w, long at) {
        return w.data().get(ValueLayout.JAVA_BYTE, at);
    }

    private static float half(Weight w, long at) {
        return F16.decode(w.data().get(Little.SHORT, at));
    }
}
