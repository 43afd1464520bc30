package ai.hadal.train.synth;

import ai.hadal.tensor.F16;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Iq2Xxs;

/// Blocks of 256 numbers whose quants are evenly distributed and whose scales are random among the larger half.
///
/// Source: GGUF facts for `deepseek4`, quantised block layouts.
final class KQuants {

    private KQuants() {}

    static Blocks of(Format format, double deviation) {
        return switch (format) {
            case Q2_K -> q2(deviation);
            case Q4_K -> q4(deviation);
            case Q6_K -> q6(deviation);
            case IQ2_XXS -> iq2(deviation);
            default -> throw new IllegalArgumentException(format + " has no blocks of 256");
        };
    }

    /// Deviation of the whole numbers from 0 to `count`, exclusive.
    private static double even(int count) {
        return Math.sqrt((count * (double) count - 1) / 12);
    }

    /// Root mean square of the whole numbers from `from` to `to`, exclusive.
    private static double size(int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) i * i;
        }
        return Math.sqrt(sum / (to - from));
    }

    private static void raw(Bits bits, byte[] out, int at, int count) {
        for (int i = 0; i < count; i += 8) {
            long random = bits.next();
            for (int k = i; k < Math.min(count, i + 8); k++, random >>>= 8) {
                out[at + k] = (byte) random;
            }
        }
    }

    /// Scale and minimum of 16 numbers are the same, and `dmin` puts the middle of the quants at 0.
    private static Blocks q2(double deviation) {
        double d = deviation / (size(8, 16) * even(4));
        return (bits, out, at, count) -> {
            for (int block = 0; block < count; block++) {
                int from = at + block * Format.Q2_K.blockBytes();
                long random = bits.next();
                for (int i = 0; i < 16; i++, random >>>= 3) {
                    out[from + i] = (byte) ((8 + (random & 7)) * 17);
                }
                raw(bits, out, from + 16, 64);
                Blocks.SHORT.set(out, from + 80, F16.encode((float) d));
                Blocks.SHORT.set(out, from + 82, F16.encode((float) (1.5 * d)));
            }
        };
    }

    /// As [#q2], with six bits for each of eight scales.
    private static Blocks q4(double deviation) {
        double d = deviation / (size(32, 64) * even(16));
        return (bits, out, at, count) -> {
            for (int block = 0; block < count; block++) {
                int from = at + block * Format.Q4_K.blockBytes();
                Blocks.SHORT.set(out, from, F16.encode((float) d));
                Blocks.SHORT.set(out, from + 2, F16.encode((float) (7.5 * d)));
                long random = bits.next();
                for (int i = 0; i < 4; i++, random >>>= 10) {
                    int low = (int) (32 + (random & 31));
                    int high = (int) (32 + (random >> 5 & 31));
                    out[from + 4 + i] = (byte) (low | (high >> 4) << 6);
                    out[from + 8 + i] = (byte) (low | (high >> 4) << 6);
                    out[from + 12 + i] = (byte) ((high & 15) * 17);
                }
                raw(bits, out, from + 16, 128);
            }
        };
    }

    private static Blocks q6(double deviation) {
        double d = deviation / (size(64, 128) * even(64));
        return (bits, out, at, count) -> {
            for (int block = 0; block < count; block++) {
                int from = at + block * Format.Q6_K.blockBytes();
                raw(bits, out, from, 192);
                for (int i = 0; i < 16; i += 8) {
                    long random = bits.next();
                    for (int k = i; k < i + 8; k++, random >>>= 6) {
                        out[from + 192 + k] = (byte) (64 + (random & 63));
                    }
                }
                Blocks.SHORT.set(out, from + 208, F16.encode((float) d));
            }
        };
    }

    private static Blocks iq2(double deviation) {
        double squares = 0;
        for (int index = 0; index < 256; index++) {
            for (int element = 0; element < 8; element++) {
                double magnitude = Iq2Xxs.magnitude(index, element);
                squares += magnitude * magnitude;
            }
        }
        double scales = 0;
        for (int s = 0; s < 16; s++) {
            scales += (s + 0.5) * (s + 0.5) / 16;
        }
        double d = deviation / (Math.sqrt(squares / 2048 * scales) * 0.25);
        return (bits, out, at, count) -> {
            for (int block = 0; block < count; block++) {
                int from = at + block * Format.IQ2_XXS.blockBytes();
                Blocks.SHORT.set(out, from, F16.encode((float) d));
                raw(bits, out, from + 2, 64);
            }
        };
    }
}
