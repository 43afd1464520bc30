package ai.hadal.backend;

import ai.hadal.tensor.Format;

/// What happens to the input of a matrix product before it is multiplied.
public enum InputRounding {
    /// Activations stay float.
    NONE,
    /// Inputs of FP8 and FP4 weights are rounded to E4M3 in groups of 128 with power-of-two scales, as the official
    /// kernels do; inputs of other formats stay float.
    FP8;

    /// Whether an input of a weight in this format is rounded.
    public boolean appliesTo(Format format) {
        return this == FP8 && (format == Format.F8_E4M3 || format == Format.F4_E2M1);
    }
}
