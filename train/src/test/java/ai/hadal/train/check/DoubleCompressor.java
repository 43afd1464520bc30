package ai.hadal.train.check;

import ai.hadal.backend.RopeTable;

/// Pools blocks of rows into compressed entries.
///
/// @param ratio 4, whose entries overlap, or 128
/// @param ape `[ratio, channels]`
/// @param norm `[width]`
/// @param hadamard whether entries are rotated at the end, as the indexer's are
public record DoubleCompressor(int ratio, double[] ape, double[] norm, double eps, RopeTable rope, boolean hadamard) {

    /// The entries `[rows / ratio, width]` of a document's values and gates `[rows, channels]`.
    public double[] entries(double[] values, double[] gates) {
        int width = norm.length;
        int channels = ape.length / ratio;
        int count = values.length / channels / ratio;
        double[] pooled = new double[count * width];
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < width; c++) {
                pooled[i * width + c] = pool(values, gates, i, c, channels);
            }
        }
        double[] normed = DoubleOps.rmsNorm(pooled, norm, eps);
        double[] rotated = DoubleOps.rope(normed, 1, width, rope, ratio, false);
        return hadamard ? DoubleOps.hadamard(rotated, width) : rotated;
    }

    /// Channel c of entry i: its own rows give their last half, the rows of the block before their first.
    private double pool(double[] values, double[] gates, int i, int c, int channels) {
        int first = ratio == 4 && i > 0 ? (i - 1) * ratio : i * ratio;
        int n = (i + 1) * ratio - first;
        double[] gate = new double[n];
        double[] value = new double[n];
        for (int j = 0; j < n; j++) {
            int p = first + j;
            int channel = ratio == 4 && p >= i * ratio ? norm.length + c : c;
            gate[j] = gates[p * channels + channel] + ape[p % ratio * channels + channel];
            value[j] = values[p * channels + channel];
        }
        double total = DoubleOps.logSumExp(gate, 0, n);
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += Math.exp(gate[j] - total) * value[j];
        }
        return sum;
    }
}
