package ai.hadal.backend.cpu;

import ai.hadal.backend.natives.NativeFloat;
import ai.hadal.tensor.Weight;
import org.jspecify.annotations.Nullable;

/// Products of stored weight rows with float vectors. Rows are decoded a few at a time into a tile that stays in the
/// second-level cache, then multiplied with every vector; for one vector most formats have a kernel that needs no tile.
/// Kernels in C, where there are some, do all of that.
final class Product {

    /// Floats of decoded rows that a worker holds at once.
    private static final int TILE_FLOATS = 32 * 1024;

    /// Rows that stretches of memory are a multiple of.
    private static final int STRETCH = 16;

    private Product() {}

    /// Rows of w to give one task with n vectors: as many as fit the tile, a multiple of [Dot#ROWS]; where there is no
    /// tile long stretches of memory, but an eighth of the weight at most, so that all threads end together.
    static int rowsPerTask(Weight w, int n) {
        boolean inC = kernels(w) != null;
        boolean streamed = inC ? n < NativeFloat.MANY : n == 1 && StoredRows.serves(w);
        if (inC || streamed) {
            int eighth = Math.ceilDiv(w.rows(), 8 * STRETCH) * STRETCH;
            return Math.min(eighth, streamed ? 16 * STRETCH : 4 * STRETCH);
        }
        int fit = TILE_FLOATS / w.cols() / Dot.ROWS * Dot.ROWS;
        return Math.clamp(fit, Dot.ROWS, 64);
    }

    /// The kernels in C that serve a weight, or null.
    private static @Nullable NativeFloat kernels(Weight w) {
        var kernels = NativeFloat.instance();
        return kernels != null && kernels.serves(w) ? kernels : null;
    }

    /// `y[yo[t] + row] = row . x[xo[t] ..]` for the rows `first .. end-1` and the vectors `t` in `0 .. n-1`.
    static void run(Weight w, int first, int end, float[] x, int[] xo, float[] y, int[] yo, int n, Scratch scratch) {
        var kernels = kernels(w);
        if (kernels != null) {
            var room = scratch.nativeRoom().panel(NativeFloat.roomBytes(w.cols()));
            kernels.product(w, first, end, x, xo, y, yo, n, room);
            return;
        }
        if (n == 1 && StoredRows.serves(w) && StoredRows.run(w, first, end, x, xo[0], y, yo[0], scratch)) {
            return;
        }
        int cols = w.cols();
        float[] rows = scratch.rows((end - first) * cols);
        for (int row = first; row < end; row++) {
            RowDecoder.decode(w, row, rows, (row - first) * cols);
        }
        int done = Panel.serves(cols, n) ? panels(rows, end - first, cols, x, xo, y, yo, n, first, scratch) : 0;
        for (int t = done; t < n; ) {
            boolean tile = t + Dot.COLS <= n;
            for (int row = first; row < end; row += Dot.ROWS) {
                int valid = Math.min(Dot.ROWS, end - row);
                int r0 = (row - first) * cols;
                int r1 = r0 + Math.min(1, valid - 1) * cols;
                int r2 = r0 + Math.min(2, valid - 1) * cols;
                int r3 = r0 + Math.min(3, valid - 1) * cols;
                float[] out = scratch.tile;
                if (tile) {
                    Dot.tile(
                            rows,
                            r0,
                            rows,
                            r1,
                            rows,
                            r2,
                            rows,
                            r3,
                            x,
                            xo[t],
                            xo[t + 1],
                            xo[t + 2],
                            xo[t + 3],
                            cols,
                            scratch.lanes,
                            out);
                    for (int i = 0; i < valid; i++) {
                        for (int j = 0; j < Dot.COLS; j++) {
                            y[yo[t + j] + row + i] = out[i * Dot.COLS + j];
                        }
                    }
                } else {
                    Dot.rows4(rows, r0, rows, r1, rows, r2, rows, r3, x, xo[t], cols, scratch.lanes, out);
                    System.arraycopy(out, 0, y, yo[t] + row, valid);
                }
            }
            t += tile ? Dot.COLS : 1;
        }
    }

    /// Multiplies all but the last few vectors by way of panels and returns how many.
    private static int panels(
            float[] rows,
            int count,
            int cols,
            float[] x,
            int[] xo,
            float[] y,
            int[] yo,
            int n,
            int first,
            Scratch scratch) {
        int size = Panel.ROWS * cols;
        int panels = Math.ceilDiv(count, Panel.ROWS);
        float[] packed = scratch.panels(panels * size);
        for (int p = 0; p < panels; p++) {
            int row = p * Panel.ROWS;
            Panel.pack(rows, row * cols, Math.min(Panel.ROWS, count - row), cols, packed, p * size);
        }
        float[] out = scratch.outputs;
        int whole = n / Panel.COLS * Panel.COLS;
        for (int t = 0; t < whole; t += Panel.COLS) {
            for (int p = 0; p < panels; p++) {
                Panel.tile(packed, p * size, x, xo[t], xo[t + 1], xo[t + 2], xo[t + 3], cols, scratch.sums, out);
                int row = p * Panel.ROWS;
                for (int j = 0; j < Panel.COLS; j++) {
                    System.arraycopy(
                            out, j * Panel.ROWS, y, yo[t + j] + first + row, Math.min(Panel.ROWS, count - row));
                }
            }
        }
        return whole;
    }
}
