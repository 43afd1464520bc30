package ai.hadal.tensor;

/// A stored number format. A row of `cols` elements is a whole number of blocks of [#blockElements] elements and
/// [#blockBytes] bytes each. Block layouts and formulas: the GGUF specification for the `Q` and `IQ` formats and
/// MXFP4, the DeepSeek-V4 checkpoint layout for `F8_E4M3` (128x128 tiles with a separate UE8M0 scale tensor) and
/// `F4_E2M1` (two per byte, element 2j in the low nibble of byte j, a separate UE8M0 scale per row and 32
/// elements).
public enum Format {
    F32(1, 4),
    F16(1, 2),
    BF16(1, 2),
    F8_E4M3(1, 1),
    F8_E8M0(1, 1),
    F4_E2M1(2, 1),
    I8(1, 1),
    U8(1, 1),
    I32(1, 4),
    I64(1, 8),
    Q8_0(32, 34),
    Q2_K(256, 84),
    Q4_K(256, 144),
    Q6_K(256, 210),
    IQ2_XXS(256, 66),
    MXFP4(32, 17);

    private final int blockElements;
    private final int blockBytes;

    Format(int blockElements, int blockBytes) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    public int blockElements() {
        return blockElements;
    }

    public int blockBytes() {
        return blockBytes;
    }

    /// Bytes of `elements` consecutive elements; throws [IllegalArgumentException] unless they are whole blocks, and
    /// [ArithmeticException] where the count does not fit a long.
    public long bytes(long elements) {
        if (elements < 0 || elements % blockElements != 0) {
            throw new IllegalArgumentException(
                    elements + " elements are not whole blocks of " + blockElements + " (" + this + ")");
        }
        return Math.multiplyExact(elements / blockElements, (long) blockBytes);
    }

    /// Whether a matrix stored so can be multiplied with: every format but the integer tables and bare scales.
    public boolean isWeight() {
        return switch (this) {
            case F8_E8M0, I8, U8, I32, I64 -> false;
            default -> true;
        };
    }
}
