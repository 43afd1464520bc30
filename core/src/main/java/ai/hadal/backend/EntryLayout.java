package ai.hadal.backend;

/// How entries are kept: in the form that their last rounding left them in, so that no value changes.
///
/// - `F32`: floats, little-endian.
/// - `FP8`: E4M3 codes of all but the rope part, the rope part as floats, then a UE8M0 scale for each 64 codes.
/// - `FP4`: E2M1 codes, element 2j in the low half of byte j, then a UE8M0 scale for each 32 of them.
///
/// A list in a rounded form takes values that were rounded as [ai.hadal.tensor.ActivationRounding] does; others are
/// rounded when they are appended.
///
/// @param width components of an entry; a multiple of 8 for FP4
/// @param ropeDim components at the end that FP8 leaves as floats
public record EntryLayout(Form form, int width, int ropeDim) {

    /// The number format of an entry.
    public enum Form {
        F32,
        FP8,
        FP4
    }

    /// Codes that share a scale in FP8.
    public static final int FP8_GROUP = 64;

    /// Codes that share a scale in FP4.
    public static final int FP4_GROUP = 32;

    public EntryLayout {
        if (width < 1 || ropeDim < 0 || ropeDim > width || (form == Form.FP4 && width % 8 != 0)) {
            throw new IllegalArgumentException(
                    "entries of " + width + " components, " + ropeDim + " with rope, cannot be kept as " + form);
        }
    }

    public static EntryLayout f32(int width) {
        return new EntryLayout(Form.F32, width, 0);
    }

    public static EntryLayout fp8(int width, int ropeDim) {
        return new EntryLayout(Form.FP8, width, ropeDim);
    }

    public static EntryLayout fp4(int width) {
        return new EntryLayout(Form.FP4, width, 0);
    }

    /// Components that are kept as codes.
    public int codes() {
        return form == Form.F32 ? 0 : width - ropeDim;
    }

    /// Where the scales begin in an entry's bytes.
    public int scalesAt() {
        return switch (form) {
            case F32 -> Float.BYTES * width;
            case FP8 -> codes() + Float.BYTES * ropeDim;
            case FP4 -> width / 2;
        };
    }

    /// Scales of an entry.
    public int scales() {
        return switch (form) {
            case F32 -> 0;
            case FP8 -> Math.ceilDiv(codes(), FP8_GROUP);
            case FP4 -> Math.ceilDiv(width, FP4_GROUP);
        };
    }

    /// Bytes of an entry.
    public int bytes() {
        return scalesAt() + scales();
    }
}
