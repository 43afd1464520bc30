package ai.hadal.train.synth;

import ai.hadal.tensor.Bf16;
import ai.hadal.tensor.E2m1;
import ai.hadal.tensor.E4m3;
import ai.hadal.tensor.F16;
import ai.hadal.tensor.Format;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Fills blocks of a stored format with random numbers of a given spread. Formats with scales of a power of two have
/// two of them, at random.
interface Blocks {

    /// Writes `count` blocks from byte `at` on.
    void fill(Bits bits, byte[] out, int at, int count);

    VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /// @throws IllegalArgumentException for formats that are no weights
    static Blocks of(Format format, Spread spread) {
        return switch (format) {
            case F32 -> floats(spread, 4, (out, at, value) -> INT.set(out, at, Float.floatToRawIntBits(value)));
            case F16 -> floats(spread, 2, (out, at, value) -> SHORT.set(out, at, F16.encode(value)));
            case BF16 -> floats(spread, 2, (out, at, value) -> SHORT.set(out, at, Bf16.encode(value)));
            case F8_E4M3 -> {
                byte[] codes = PowerScale.of(format, spread.deviation()).codes();
                yield (bits, out, at, count) -> normal(bits, codes, out, at, count);
            }
            case F4_E2M1 -> {
                byte[] pairs = pairs(PowerScale.of(format, spread.deviation()).codes());
                yield (bits, out, at, count) -> pairs(bits, pairs, out, at, count);
            }
            case MXFP4 -> mxfp4(PowerScale.of(format, spread.deviation()));
            case Q8_0 -> q8(spread.deviation());
            case Q2_K, Q4_K, Q6_K, IQ2_XXS -> KQuants.of(format, spread.deviation());
            case F8_E8M0, I8, U8, I32, I64 -> throw new IllegalArgumentException(format + " holds no weights");
        };
    }

    @FunctionalInterface
    interface FloatPut {
        void put(byte[] out, int at, float value);
    }

    private static Blocks floats(Spread spread, int bytes, FloatPut put) {
        double[] quantiles = Normal.quantiles(Normal.SIZE);
        float[] values = new float[Normal.SIZE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (spread.mean() + spread.deviation() * quantiles[i]);
        }
        return (bits, out, at, count) -> {
            for (int i = 0; i < count; i++) {
                put.put(out, at + i * bytes, values[(int) (bits.next() >>> 52)]);
            }
        };
    }

    /// Five codes of twelve bits each from one random number.
    static void normal(Bits bits, byte[] codes, byte[] out, int at, int count) {
        int i = 0;
        while (i < count) {
            long random = bits.next();
            for (int end = Math.min(count, i + 5); i < end; i++) {
                out[at + i] = codes[(int) random & (Normal.SIZE - 1)];
                random >>>= 12;
            }
        }
    }

    /// Two codes a byte, for each of two times eight bits.
    private static byte[] pairs(byte[] codes) {
        byte[] pairs = new byte[1 << 16];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = (byte) (codes[i & 255] | codes[i >>> 8] << 4);
        }
        return pairs;
    }

    private static void pairs(Bits bits, byte[] pairs, byte[] out, int at, int count) {
        int i = 0;
        while (i < count) {
            long random = bits.next();
            for (int end = Math.min(count, i + 4); i < end; i++) {
                out[at + i] = pairs[(int) random & 0xffff];
                random >>>= 16;
            }
        }
    }

    private static Blocks mxfp4(PowerScale scale) {
        byte[] pairs = pairs(scale.codes());
        return (bits, out, at, count) -> {
            for (int block = 0; block < count; block++) {
                int from = at + block * Format.MXFP4.blockBytes();
                out[from] = scale.random(bits);
                pairs(bits, pairs, out, from + 1, 16);
            }
        };
    }

    private static Blocks q8(double deviation) {
        // Four deviations at most.
        double step = 4 * deviation / 127;
        short d = F16.encode((float) step);
        byte[] codes = Normal.codes(Normal.SIZE, deviation / step, q -> (int) Math.rint(Math.clamp(q, -127, 127)));
        return (bits, out, at, count) -> {
            for (int block = 0; block < count; block++) {
                int from = at + block * Format.Q8_0.blockBytes();
                SHORT.set(out, from, d);
                normal(bits, codes, out, from + 2, 32);
            }
        };
    }

    /// Codes of FP8 and FP4 under scales of a power of two: one, or half of it.
    ///
    /// @param exponent of the larger scale
    /// @param codes of quantiles under it
    record PowerScale(int exponent, byte[] codes) {

        /// Mean of the squares of 1 and 1/2.
        private static final double MEAN_SQUARE = 0.625;

        static PowerScale of(Format format, double deviation) {
            boolean eight = format == Format.F8_E4M3;
            // The deviation of codes: a quarter of the largest, or a third.
            double wanted = eight ? E4m3.MAX / 4 : E2m1.MAX / 3;
            double whole = deviation / Math.sqrt(MEAN_SQUARE);
            int exponent = (int) Math.rint(StrictMath.log(whole / wanted) / StrictMath.log(2));
            double own = whole / Math.scalb(1.0, exponent);
            byte[] codes = eight
                    ? Normal.codes(Normal.SIZE, own, x -> E4m3.encode((float) x))
                    : Normal.codes(256, own, x -> E2m1.encode((float) x));
            return new PowerScale(exponent, codes);
        }

        /// A UE8M0 code.
        byte random(Bits bits) {
            return (byte) (exponent + 127 - (bits.next() < 0 ? 1 : 0));
        }
    }
}
