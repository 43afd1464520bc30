package ai.hadal.backend;

/// Rotary position frequencies, one per pair of components, and the rotation angles they give (report: rope and
/// YaRN).
///
/// The angle of pair i at position p is the float product `(float) p * frequency[i]`; its cosine and sine are taken
/// in double (StrictMath, the same on every machine) and rounded once. A double product would differ visibly from
/// the official model at positions near a million.
public final class RopeTable {

    private final float[] frequencies;

    private RopeTable(float[] frequencies) {
        this.frequencies = frequencies;
    }

    /// The plain table of `dim / 2` pairs: `base^(-2i/dim)`, the power in double, its reciprocal in float.
    public static RopeTable plain(double base, int dim) {
        float[] f = new float[dim / 2];
        for (int i = 0; i < f.length; i++) {
            f[i] = 1f / (float) StrictMath.pow(base, 2.0 * i / dim);
        }
        return new RopeTable(f);
    }

    /// The table scaled by YaRN: slow pairs are divided by `factor`, fast ones kept, with a linear ramp between the
    /// pairs that turn `betaFast` and `betaSlow` times over the original length.
    public static RopeTable yarn(
            double base, int dim, double factor, int originalMaxPositions, double betaFast, double betaSlow) {
        float[] f = plain(base, dim).frequencies;
        double low = Math.max(Math.floor(correction(base, dim, originalMaxPositions, betaFast)), 0);
        double high = Math.min(Math.ceil(correction(base, dim, originalMaxPositions, betaSlow)), dim - 1);
        float span = (float) (low == high ? 0.001 : high - low);
        for (int i = 0; i < f.length; i++) {
            float ramp = Math.clamp((i - (float) low) / span, 0f, 1f);
            f[i] = f[i] / (float) factor * ramp + f[i] * (1f - ramp);
        }
        return new RopeTable(f);
    }

    private static double correction(double base, int dim, int originalMaxPositions, double turns) {
        return dim * StrictMath.log(originalMaxPositions / (2 * Math.PI * turns)) / (2 * StrictMath.log(base));
    }

    public int pairs() {
        return frequencies.length;
    }

    public float frequency(int pair) {
        return frequencies[pair];
    }

    /// Writes cosines and sines of all pairs at a position to `cos[offset ..]` and `sin[offset ..]`.
    public void angles(long position, float[] cos, float[] sin, int offset) {
        for (int i = 0; i < frequencies.length; i++) {
            float angle = (float) position * frequencies[i];
            cos[offset + i] = (float) StrictMath.cos(angle);
            sin[offset + i] = (float) StrictMath.sin(angle);
        }
    }
}
