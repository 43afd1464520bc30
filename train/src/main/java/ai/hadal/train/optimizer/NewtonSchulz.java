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
    private float[] gram = {};
    private float[] polynomial = {};

    /// Replaces `x[at ..]`, `[rows, cols]` row major, by its nearly orthogonal neighbour; zeros stay.
    void orthogonalise(float[] x, int at, int rows, int cols) {
        // The short side's Gram matrix is the smaller one, and columns give it without a transpose.
        boolean turn = rows <= cols;
        int c = turn ? rows : cols;
        int r = turn ? cols : rows;
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

    /// `M <- a M + M (b G + c G^2)`, `G = M^T M`.
    private void step(int r, int c, float[] abc) {
        Arrays.fill(gram, 0, c * c, 0f);
        Gemm.addGram(c, r, m, gram);
        Arrays.fill(polynomial, 0, c * c, 0f);
        Gemm.addSquare(c, gram, polynomial);
        for (int i = 0; i < c * c; i++) {
            polynomial[i] = Math.fma(abc[2], polynomial[i], abc[1] * gram[i]);
        }
        for (int i = 0; i < r * c; i++) {
            next[i] = abc[0] * m[i];
        }
        Gemm.add(r, c, c, m, 0, c, polynomial, 0, c, next, 0, c);
        float[] old = m;
        m = next;
        next = old;
    }

    private void room(int r, int c) {
        if (m.length < r * c) {
            m = new float[r * c];
            next = new float[r * c];
        }
        if (gram.length < c * c) {
            gram = new float[c * c];
            polynomial = new float[c * c];
        }
    }
}
