package ai.hadal.backend.cpu;

import ai.hadal.backend.natives.NativeInt8;
import ai.hadal.tensor.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Products of integer groups (see [ai.hadal.backend.Backend]): in C where the machine and the weight allow it, else in
/// Java.
final class Int8Products {

    /// Rows of a panel of the kernel in C.
    private static final int PANEL = 16;

    /// Vectors up to which reading the weights takes as long as the arithmetic.
    private static final int FEW = 16;

    private Int8Products() {}

    /// Rows of a weight to give one task: whole panels; with few vectors long stretches of memory, but an eighth of the
    /// weight at most, so that all threads end together.
    static int rowsPerTask(Weight w, int n) {
        int eighth = Math.ceilDiv(w.rows(), 8 * PANEL) * PANEL;
        return Math.min(eighth, n <= FEW ? 16 * PANEL : 4 * PANEL);
    }

    /// `y[yo[t] + row] = row . vector at xo[t]` for the rows `first .. end-1` and the vectors `t` in `0 .. n-1`.
    ///
    /// @param xo where vectors begin in the array that x was made of
    static void run(Weight w, int first, int end, Int8Input x, int[] xo, float[] y, int[] yo, int n, Scratch scratch) {
        var kernels = NativeInt8.instance();
        if (kernels == null || !kernels.serves(w)) {
            Int8Rows.run(w, first, end, x, xo, y, yo, n, scratch);
            return;
        }
        int rows = end - first;
        var room = scratch.nativeRoom();
        MemorySegment index = room.index(n);
        for (int t = 0; t < n; t++) {
            index.setAtIndex(ValueLayout.JAVA_INT, t, xo[t] / x.cols());
        }
        MemorySegment out = room.out(n * rows);
        MemorySegment panel = room.panel(NativeInt8.roomBytes(w.cols()));
        kernels.product(w, first, end, x.codeBytes(), x.scaleFloats(), x.sums(w.format()), index, n, out, panel);
        for (int t = 0; t < n; t++) {
            MemorySegment.copy(out, ValueLayout.JAVA_FLOAT, 4L * t * rows, y, yo[t] + first, rows);
        }
    }
}
