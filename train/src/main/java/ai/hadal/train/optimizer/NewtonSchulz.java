package ai.hadal.train.optimizer;

import ai.hadal.train.gradient.Gemm;
import ai.hadal.train.gradient.Vectors;
import java.util.Arrays;

/// The hybrid Newton-Schulz iteration of the report: pulls all singular values of a matrix toward 1. Eight steps of
/// a steep polynomial bring them near, two of a flat one settle them.
///
/// Source: report, section 2.4.
final class NewtonSchulz {

    private static final float[] STEEP = {3.4445f, -4.7750f, 2.0315f};
    private static final float[] FLAT = {2f, -1.5f, 0.5f};
    private static final int STEEP_STEPS = 8;
    private static final int STEPS = 10;

    private float[] m = {};
    private float[] next = {};
    private float[] across = {};
    private float[] gram = {};
    private float[] polynomial = {};

    /// Replaces `x[at ..]`, `[rows, cols]` row major, by its nearly orthogonal neighbour; zeros stay.
    void orthogonalise(float[] x, int at, int rows, int cols) {
        // The short side's Gram matrix is the smaller one.
        boolean turn = rows > cols;
        int r = turn ? cols : rows;
        int c = turn ? rows : cols;
        room(r, c);
        float norm = (float) Math.sqrt(Vectors.dot(x, at, x, at, rows * cols));
        if (norm == 0f) {
            return;
        }
        float scale = 1f / norm;
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < c; j++) {
                m[i * c + j] = scale * (turn ? x[at + j * cols + i] : x[at + i * cols + j]);
            }
        }
        for (int step = 0; step < STEPS; step++) {
            step(r, c, step < STEEP_STEPS ? STEEP : FLAT);
        }
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < c; j++) {
                x[turn ? at + j * cols + i : at + i * cols + j] = m[i * c + j];
            }
        }
    }

    /// `M <- a M + (b G + c G^2) M`, `G = M M^T`.
    private void step(int r, int c, float[] abc) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < c; j++) {
                across[j * r + i] = m[i * c + j];
            }
        }
        Arrays.fill(gram, 0, r * r, 0f);
        Gemm.add(r, r, c, m, 0, c, across, 0, r, gram, 0, r);
        Arrays.fill(polynomial, 0, r * r, 0f);
        Gemm.add(r, r, r, gram, 0, r, gram, 0, r, polynomial, 0, r);
        for (int i = 0; i < r * r; i++) {
            polynomial[i] = Math.fma(abc[2], polynomial[i], abc[1] * gram[i]);
        }
        for (int i = 0; i < r * c; i++) {
            next[i] = abc[0] * m[i];
        }
        Gemm.add(r, c, r, polynomial, 0, r, m, 0, c, next, 0, c);
        float[] old = m;
        m = next;
        next = old;
    }

    private void room(int r, int c) {
        if (m.length < r * c) {
            m = new float[r * c];
            next = new float[r * c];
            across = new float[r * c];
        }
        if (gram.length < r * r) {
            gram = new float[r * r];
            polynomial = new float[r * r];
        }
    }
}
