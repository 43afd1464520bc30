package ai.hadal.backend.cpu;

import ai.hadal.tensor.Weight;
import org.jspecify.annotations.Nullable;

/// Input vectors of products, in the form that a weight's kernels take.
///
/// @param floats the vectors, each at its offset
/// @param integers the same as 8-bit integers, for products of integer groups; null for float products
record Vectors(float[] floats, @Nullable Int8Input integers) {

    static Vectors floats(float[] x) {
        return new Vectors(x, null);
    }

    /// Rows of a weight to give one task with n vectors.
    int rowsPerTask(Weight w, int n) {
        return integers == null ? Product.rowsPerTask(w, n) : Int8Products.rowsPerTask(w, n);
    }

    int tasks(Weight w, int n) {
        return Math.ceilDiv(w.rows(), rowsPerTask(w, n));
    }

    /// Elements of work in a task with n vectors.
    long work(Weight w, int n) {
        return (long) Math.min(w.rows(), rowsPerTask(w, n)) * w.cols() * (n + 1);
    }

    /// Task `task` of [#tasks]: `y[yo[t] + row] = row . x[xo[t] ..]` for its rows and the vectors `t` in `0 .. n-1`.
    void multiply(Weight w, int task, int[] xo, float[] y, int[] yo, int n, Scratch scratch) {
        int rows = rowsPerTask(w, n);
        int first = task * rows;
        multiply(w, first, Math.min(w.rows(), first + rows), xo, y, yo, n, scratch);
    }

    /// The same for rows `first .. end-1`.
    void multiply(Weight w, int first, int end, int[] xo, float[] y, int[] yo, int n, Scratch scratch) {
        if (integers == null) {
            Product.run(w, first, end, floats, xo, y, yo, n, scratch);
        } else {
            Int8Products.run(w, first, end, integers, xo, y, yo, n, scratch);
        }
    }
}
