package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.L;
import static ai.hadal.backend.cpu.Lanes.REDUCTION;

import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import java.util.Objects;

/// Products of stored rows with one vector, without decoding into memory: what decoding of a single text is made of.
/// The bits are those of [RowDecoder] and [Dot]. There is one kernel for each format whose rows are whole vectors, on
/// machines with vectors of sixteen lanes.
final class StoredRows {

    private static final int TILE = 128;

    private StoredRows() {}

    /// Whether a weight has a kernel here.
    static boolean serves(Weight w) {
        if (L != REDUCTION) {
            return false;
        }
        return switch (w.format()) {
            case BF16 -> w.cols() % REDUCTION == 0;
            case MXFP4, Q8_0, F4_E2M1 -> true;
            case F8_E4M3 -> w.cols() % TILE == 0;
            default -> false;
        };
    }

    /// `y[yo + row] = row . x[xo ..]` for the rows `first .. end-1`; all of one tile row where the format has tiles.
    ///
    /// @return false, with nothing done, for what the format's kernel does not serve
    static boolean run(Weight w, int first, int end, float[] x, int xo, float[] y, int yo, Scratch scratch) {
        int tiles = w.cols() / TILE;
        if (w.format() == Format.F8_E4M3) {
            if (first % Dot.ROWS != 0) {
                return false;
            }
            var scale = Objects.requireNonNull(w.scale());
            for (int row = first; row < end; row++) {
                if (!E4m3Rows.serves(
                        w.data(), row * w.rowStride(), w.cols(), scale, (long) (row / TILE) * tiles, tiles)) {
                    return false;
                }
            }
        }
        float[] lanes = scratch.lanes;
        for (int row = first; row < end; row += Dot.ROWS) {
            int last = end - 1;
            int r1 = Math.min(row + 1, last);
            int r2 = Math.min(row + 2, last);
            int r3 = Math.min(row + 3, last);
            long stride = w.rowStride();
            long o0 = row * stride;
            long o1 = r1 * stride;
            long o2 = r2 * stride;
            long o3 = r3 * stride;
            int n = w.cols();
            switch (w.format()) {
                case BF16 -> Bf16Rows.four(w.data(), o0, o1, o2, o3, x, xo, n, lanes);
                case Q8_0 -> Q8Rows.four(w.data(), o0, o1, o2, o3, x, xo, n, lanes);
                case MXFP4 -> Mxfp4Rows.four(w.data(), o0, o1, o2, o3, x, xo, n, lanes);
                case F4_E2M1 -> {
                    var scale = Objects.requireNonNull(w.scale());
                    long groups = n / 32;
                    Fp4Rows.four(
                            w.data(),
                            o0,
                            o1,
                            o2,
                            o3,
                            scale,
                            row * groups,
                            r1 * groups,
                            r2 * groups,
                            r3 * groups,
                            x,
                            xo,
                            n,
                            lanes);
                }
                case F8_E4M3 -> {
                    var scale = Objects.requireNonNull(w.scale());
                    E4m3Rows.four(w.data(), o0, o1, o2, o3, scale, (long) (row / TILE) * tiles, x, xo, n, lanes);
                }
                default -> throw new IllegalArgumentException(w.format() + " has no kernel");
            }
            LaneSums.add(lanes, Dot.ROWS, scratch.tile);
            System.arraycopy(scratch.tile, 0, y, yo + row, Math.min(Dot.ROWS, end - row));
        }
        return true;
    }
}
