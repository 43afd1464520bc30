package ai.hadal.backend;

import ai.hadal.tensor.Format;
import ai.hadal.tensor.IntegerRows;

/// What happens to the input of a matrix product before it is multiplied.
public enum InputRounding {
    /// Activations stay float.
    NONE,
    /// Inputs of FP8 and FP4 weights are rounded to E4M3 in groups of 128 with power-of-two scales, as the official
    /// kernels do; inputs of other formats stay float.
    FP8,
    /// Inputs of weights that are integers times scales ([ai.hadal.tensor.IntegerRows]) become 8-bit integers in groups
    /// of 32, see [ai.hadal.tensor.Int8], and the product is that of [Backend]'s integer groups; inputs of other
    /// formats stay float.
    INT8;

    /// Whether an input of a weight in this format is rounded.
    public boolean appliesTo(Format format) {
        return switch (this) {
            case NONE -> false;
            case FP8 -> format == Format.F8_E4M3 || format == Format.F4_E2M1;
            case INT8 -> IntegerRows.has(format);
        };
    }

    /// Whether a product with a weight in this format is one of integer groups.
    public boolean isInteger(Format format) {
        return this == INT8 && appliesTo(format);
    }
}
