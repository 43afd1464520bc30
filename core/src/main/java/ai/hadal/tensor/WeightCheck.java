package ai.hadal.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// Looks for scales that are no number. One NaN scale silently turns every result into NaN, so it is worth finding
/// before the first token.
public final class WeightCheck {

    private WeightCheck() {}

    /// Bytes of the file that [#problem] has to read for a weight: the scales of `F8_E4M3` and `F4_E2M1`, all of
    /// `MXFP4` (its scales lie among the codes), nothing for other formats.
    public static long bytesToScan(Weight weight) {
        if (weight.format() == Format.MXFP4) {
            return weight.bytes();
        }
        MemorySegment scale = weight.scale();
        return scale == null ? 0 : scale.byteSize();
    }

    /// Where the first NaN scale of a weight is, as the end of a sentence about it; empty when there is none.
    public static Optional<String> problem(Weight weight) {
        MemorySegment scale = weight.scale();
        if (scale != null) {
            for (long i = 0; i < scale.byteSize(); i++) {
                if (isNaN(scale.get(ValueLayout.JAVA_BYTE, i))) {
                    return Optional.of("has a NaN scale (UE8M0 byte 255) at index " + i + " of its scales");
                }
            }
        }
        if (weight.format() == Format.MXFP4) {
            int blocks = weight.cols() / Format.MXFP4.blockElements();
            for (int row = 0; row < weight.rows(); row++) {
                for (int b = 0; b < blocks; b++) {
                    long at = row * weight.rowStride() + (long) b * Format.MXFP4.blockBytes();
                    if (isNaN(weight.data().get(ValueLayout.JAVA_BYTE, at))) {
                        return Optional.of("has a NaN scale (UE8M0 byte 255) in row " + row + ", block " + b);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isNaN(byte scale) {
        return (scale & 0xff) == E8m0.NAN;
    }
}
