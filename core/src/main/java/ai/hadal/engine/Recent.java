package ai.hadal.engine;

import java.util.Arrays;

/// The median of the last few values: a pause now and then leaves no trace in it.
final class Recent {

    private static final int KEPT = 5;

    private final double[] values = new double[KEPT];
    private long count;

    void add(double value) {
        values[(int) (count++ % KEPT)] = value;
    }

    /// How many values were added: in a server that runs for long, more than an `int` holds.
    long count() {
        return count;
    }

    /// The median, the lower one of two; 0 when there is no value.
    double median() {
        int n = (int) Math.min(count, KEPT);
        if (n == 0) {
            return 0;
        }
        double[] sorted = Arrays.copyOf(values, n);
        Arrays.sort(sorted);
        return sorted[(n - 1) / 2];
    }
}
