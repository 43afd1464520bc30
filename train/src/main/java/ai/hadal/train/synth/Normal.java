package ai.hadal.train.synth;

import java.util.function.DoubleToIntFunction;

/// Normally distributed numbers by table: twelve or eight random bits choose a quantile.
final class Normal {

    static final int SIZE = 1 << 12;

    private Normal() {}

    /// Quantiles of a standard normal distribution in ascending order, the middles of `count` even steps.
    ///
    /// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23.
    static double[] quantiles(int count) {
        double[] quantiles = new double[count];
        for (int i = 0; i < count / 2; i++) {
            double t = StrictMath.sqrt(-2 * StrictMath.log((i + 0.5) / count));
            double top = 2.515517 + t * (0.802853 + t * 0.010328);
            double bottom = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
            quantiles[count - 1 - i] = t - top / bottom;
            quantiles[i] = -quantiles[count - 1 - i];
        }
        return quantiles;
    }

    /// Codes of the quantiles of a distribution around 0.
    static byte[] codes(int count, double deviation, DoubleToIntFunction code) {
        double[] quantiles = quantiles(count);
        byte[] codes = new byte[count];
        for (int i = 0; i < count; i++) {
            codes[i] = (byte) code.applyAsInt(deviation * quantiles[i]);
        }
        return codes;
    }
}
