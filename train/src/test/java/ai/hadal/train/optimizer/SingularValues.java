package ai.hadal.train.optimizer;

/// Singular values in double precision, by rotations that make rows orthogonal (one-sided Jacobi).
final class SingularValues {

    private static final int SWEEPS = 30;

    private SingularValues() {}

    /// The squares of the `min(rows, cols)` singular values, in no order.
    static double[] squares(float[] x, int rows, int cols) {
        boolean turn = rows > cols;
        int r = Math.min(rows, cols);
        int c = Math.max(rows, cols);
        double[][] m = new double[r][c];
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < c; j++) {
                m[i][j] = turn ? x[j * cols + i] : x[i * cols + j];
            }
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int p = 0; p < r; p++) {
                for (int q = p + 1; q < r; q++) {
                    rotate(m[p], m[q]);
                }
            }
        }
        double[] squares = new double[r];
        for (int i = 0; i < r; i++) {
            squares[i] = dot(m[i], m[i]);
        }
        return squares;
    }

    private static void rotate(double[] a, double[] b) {
        double ab = dot(a, b);
        if (ab == 0) {
            return;
        }
        double zeta = (dot(b, b) - dot(a, a)) / (2 * ab);
        double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        double cos = 1 / Math.sqrt(1 + t * t);
        double sin = cos * t;
        for (int i = 0; i < a.length; i++) {
            double ai = a[i];
            a[i] = cos * ai - sin * b[i];
            b[i] = sin * ai + cos * b[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
