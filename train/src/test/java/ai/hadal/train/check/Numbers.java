package ai.hadal.train.check;

/// Random numbers from a seed (SplitMix64). Reals are floats, so that a computation in float starts from the same.
public final class Numbers {

    private long state;

    public Numbers(long seed) {
        state = seed;
    }

    private long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// From 0 to `bound - 1`.
    public int below(int bound) {
        return (int) Long.remainderUnsigned(next(), bound);
    }

    private double uniform() {
        return ((next() >>> 11) + 1) * 0x1p-53;
    }

    /// Normal numbers of a mean and a standard deviation.
    public float[] floats(int n, double mean, double deviation) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            double normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
            x[i] = (float) (mean + deviation * normal);
        }
        return x;
    }

    /// [#floats], widened.
    public double[] doubles(int n, double mean, double deviation) {
        return widened(floats(n, mean, deviation));
    }

    /// `count` different integers below `bound`, ascending.
    public int[] some(int count, int bound) {
        boolean[] taken = new boolean[bound];
        for (int left = count; left > 0; ) {
            int i = below(bound);
            left -= taken[i] ? 0 : 1;
            taken[i] = true;
        }
        int[] chosen = new int[count];
        int n = 0;
        for (int i = 0; i < bound; i++) {
            if (taken[i]) {
                chosen[n++] = i;
            }
        }
        return chosen;
    }

    public static double[] widened(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i];
        }
        return y;
    }

    public static float[] narrowed(double[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (float) x[i];
        }
        return y;
    }
}
