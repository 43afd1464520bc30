package ai.hadal.train.gradient;

import jdk.incubator.vector.FloatVector;

/// Rows of vectors together with their transpose, so that scores against all of them are plain products.
///
/// @param rows row major from `at` on, `width` each
/// @param count how many rows
/// @param across the transpose: component c of row r at `c * stride + r`; columns beyond `count` are zero
/// @param stride a multiple of the vector width, at least a vector more than `count`
record Columns(float[] rows, int at, int count, int width, float[] across, int stride) {

    static Columns of(float[] rows, int at, int count, int width) {
        int stride = padded(count) + FloatVector.SPECIES_PREFERRED.length();
        float[] across = new float[width * stride];
        for (int r = 0; r < count; r++) {
            for (int c = 0; c < width; c++) {
                across[c * stride + r] = rows[at + r * width + c];
            }
        }
        return new Columns(rows, at, count, width, across, stride);
    }

    /// The next multiple of the vector width.
    static int padded(int n) {
        int l = FloatVector.SPECIES_PREFERRED.length();
        return (n + l - 1) / l * l;
    }
}
