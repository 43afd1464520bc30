package ai.hadal.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// Rows of the formats whose groups of 32 elements are integers times one scale, less a minimum in some:
///
/// | format | integer | scale | minimum | its scale |
/// |---|---|---|---|---|
/// | `Q8_0` | its bytes | F16 | | |
/// | `MXFP4`, `F4_E2M1` | twice the value of the code | half of the UE8M0 scale | | |
/// | `Q4_K` | `q` | `d * scale` | 1 | `dmin * minimum` |
/// | `Q2_K` | `scale * q` | `d` | 4 bits for 16 elements | `dmin` |
/// | `Q6_K` | `scale * (q - 32)` | `d` | | |
/// | `IQ2_XXS` | magnitude with its sign | `d * (2 s + 1) / 8` | | |
///
/// All of these are exact as floats; so is the sum of a group's integers times codes of [Int8], below 2^24.
public final class IntegerRows {

    private IntegerRows() {}

    /// Whether a format has such rows.
    public static boolean has(Format format) {
        return format == Format.Q8_0
                || format == Format.MXFP4
                || format == Format.F4_E2M1
                || SuperBlockIntegers.has(format);
    }

    /// Whether from the elements of such a format a minimum is taken off.
    public static boolean hasMinima(Format format) {
        return format == Format.Q4_K || format == Format.Q2_K;
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
            case Q4_K, Q6_K, Q2_K, IQ2_XXS -> SuperBlockIntegers.decode(w, row, integers, at);
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
            case Q4_K, Q6_K, Q2_K, IQ2_XXS -> SuperBlockIntegers.scale(w, row, group);
            default -> throw new IllegalArgumentException(w.format() + " has no integers");
        };
    }

    /// The integer minimum of half a group, in formats that [#hasMinima].
    ///
    /// @param half number of 16 elements of the row
    public static int minimum(Weight w, int row, int half) {
        return SuperBlockIntegers.minimum(w, row, half);
    }

    /// The scale of a group's minima, in formats that [#hasMinima].
    public static float minimumScale(Weight w, int row, int group) {
        return SuperBlockIntegers.minimumScale(w, row, group);
    }

    private static float doubled(int code) {
        return 2f * E2m1.decode(code);
    }
}
