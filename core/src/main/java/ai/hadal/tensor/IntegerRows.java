package ai.hadal.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// Rows of the formats whose groups of 32 elements are small integers times one scale: `Q8_0` (its bytes, its F16
/// scale), `MXFP4` and `F4_E2M1` (twice the value of the code, half of the UE8M0 scale).
public final class IntegerRows {

    private IntegerRows() {}

    /// Whether a format has such rows.
    public static boolean has(Format format) {
        return format == Format.Q8_0 || format == Format.MXFP4 || format == Format.F4_E2M1;
    }

    /// The integers of a row, as floats, and the scales of its groups.
    ///
    /// @throws IllegalArgumentException for other formats
    public static void decode(Weight w, int row, float[] integers, int at, float[] scales, int scalesAt) {
        Objects.checkIndex(row, w.rows());
        int groups = w.cols() / Int8.GROUP;
        for (int g = 0; g < groups; g++) {
            scales[scalesAt + g] = scale(w, row, g);
        }
        MemorySegment data = w.data();
        long start = row * w.rowStride();
        int n = w.cols();
        switch (w.format()) {
            case Q8_0 -> {
                for (int k = 0; k < n; k++) {
                    integers[at + k] = data.get(ValueLayout.JAVA_BYTE, start + 34L * (k / 32) + 2 + k % 32);
                }
            }
            case MXFP4 -> {
                for (int k = 0; k < n; k++) {
                    byte pair = data.get(ValueLayout.JAVA_BYTE, start + 17L * (k / 32) + 1 + k % 16);
                    integers[at + k] = doubled(pair >> k % 32 / 16 * 4);
                }
            }
            case F4_E2M1 -> {
                for (int k = 0; k < n; k++) {
                    integers[at + k] = doubled(data.get(ValueLayout.JAVA_BYTE, start + k / 2) >> k % 2 * 4);
                }
            }
            default -> throw new IllegalArgumentException(w.format() + " has no integers");
        }
    }

    /// The scale of a group of a row.
    public static float scale(Weight w, int row, int group) {
        long start = row * w.rowStride();
        return switch (w.format()) {
            case Q8_0 -> F16.decode(w.data().get(Little.SHORT, start + 34L * group));
            case MXFP4 -> 0.5f * E8m0.decode(w.data().get(ValueLayout.JAVA_BYTE, start + 17L * group));
            case F4_E2M1 -> {
                var scales = Objects.requireNonNull(w.scale());
                yield 0.5f
                        * E8m0.decode(scales.get(ValueLayout.JAVA_BYTE, row * (long) (w.cols() / Int8.GROUP) + group));
            }
            default -> throw new IllegalArgumentException(w.format() + " has no integers");
        };
    }

    private static float doubled(int code) {
        return 2f * E2m1.decode(code);
    }
}
