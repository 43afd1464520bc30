package ai.hadal.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The scale of a plot's side: a range that holds the data, and round numbers to write beside it.
///
/// @param low the value at the start
/// @param high the value at the end, above low
/// @param logarithmic whether equal distances are equal ratios
record Axis(double low, double high, boolean logarithmic) {

    /// Data that spans a larger ratio reads better by ratios.
    private static final double WIDE = 10;

    private static final int LINEAR_TICKS = 5;
    private static final int FEW_DECADES = 2;
    private static final int MANY_DECADES = 7;
    private static final String[] UNITS = {"", " K", " M", " B", " T"};

    /// An axis from zero.
    static Axis fromZero(double... values) {
        double high = Range.of(values).high();
        return high > 0 ? linear(0, high) : new Axis(0, 1, false);
    }

    /// An axis around the values, by ratios if they are positive and far apart.
    static Axis around(double... values) {
        var range = Range.of(values);
        if (range.high() <= range.low()) {
            return range.high() == range.low() ? linear(range.low() - 0.5, range.high() + 0.5) : new Axis(0, 1, false);
        }
        if (range.low() > 0 && range.high() / range.low() > WIDE) {
            return new Axis(range.low() / 1.1, range.high() * 1.1, true);
        }
        return linear(range.low(), range.high());
    }

    private static Axis linear(double low, double high) {
        double step = step(low, high);
        return new Axis(Math.floor(low / step) * step, Math.ceil(high / step) * step, false);
    }

    /// An axis that ends with the data.
    static Axis exact(double low, double high) {
        return new Axis(low, high > low ? high : low + 1, false);
    }

    /// The distance of ticks: 1, 2 or 5 times a power of ten.
    private static double step(double low, double high) {
        double rough = (high - low) / LINEAR_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        return power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10);
    }

    /// Where a value lies, 0 at the start and 1 at the end; NaN for what this scale cannot show.
    double position(double value) {
        if (logarithmic) {
            return value > 0 ? Math.log(value / low) / Math.log(high / low) : Double.NaN;
        }
        return (value - low) / (high - low);
    }

    /// Round values from start to end.
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (!logarithmic) {
            double step = step(low, high);
            for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
                ticks.add(i * step);
            }
            return ticks;
        }
        double decades = Math.log10(high / low);
        int[] digits = decades <= FEW_DECADES ? new int[] {1, 2, 5} : new int[] {1};
        int stride = (int) Math.ceil(decades / MANY_DECADES);
        for (int decade = (int) Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++) {
            for (int digit : digits) {
                double tick = digit * Math.pow(10, decade);
                if (tick >= low && tick <= high && Math.floorMod(decade, stride) == 0) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }

    /// A tick in words, in the unit of the whole axis: `250 K`, `0.15`, `3e-4`.
    String label(double tick) {
        double largest = logarithmic ? tick : Math.max(Math.abs(low), Math.abs(high));
        double distance = logarithmic ? tick : step(low, high);
        if (tick == 0) {
            return "0";
        }
        if (largest < 0.01) {
            int exponent = (int) Math.floor(Math.log10(largest) + 1e-9);
            double power = Math.pow(10, exponent);
            return plain(tick / power, distance / power) + "e" + exponent;
        }
        int unit = 0;
        double scale = 1;
        while (largest > (unit == 0 ? 10_000 : 999) * scale && unit < UNITS.length - 1) {
            unit++;
            scale *= 1000;
        }
        return plain(tick / scale, distance / scale) + UNITS[unit];
    }

    private static String plain(double value, double distance) {
        int decimals = Math.max(0, (int) -Math.floor(Math.log10(distance) + 1e-9));
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /// The smallest and the largest of the numbers among values; crossed if there are none.
    private record Range(double low, double high) {

        static Range of(double... values) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (double value : values) {
                if (Double.isFinite(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
            return new Range(low, high);
        }
    }
}
