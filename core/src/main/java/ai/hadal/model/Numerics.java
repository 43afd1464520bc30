package ai.hadal.model;

import ai.hadal.backend.InputRounding;

/// A numerics profile: which activations are rounded on their way. Part of every result's description, since
/// results of different profiles differ.
///
/// @param name the profile's name
/// @param cacheRounding round key-value entries to FP8 and indexer queries and keys to FP4, as the model was
///     trained (QAT)
/// @param inputRounding rounding of the inputs of matrix products
public record Numerics(String name, boolean cacheRounding, InputRounding inputRounding) {

    /// Float activations, cache entries rounded as in training: the default.
    public static final Numerics F32 = new Numerics("f32", true, InputRounding.NONE);

    /// Float everywhere, nothing rounded.
    public static final Numerics F32_QAT_OFF = new Numerics("f32-qat-off", false, InputRounding.NONE);

    /// Cache entries rounded, and inputs of FP8 and FP4 weights too, as the official kernels do.
    public static final Numerics F32_QAT_FULL = new Numerics("f32-qat-full", true, InputRounding.FP8);

    /// Cache entries rounded, and inputs of weights that are integers times a scale taken to 8-bit integers.
    public static final Numerics INT8 = new Numerics("int8", true, InputRounding.INT8);

    /// Rounding of the inputs that the official kernels leave alone: those of the grouped output projection, the
    /// compressors and the head. What decides about choices (router, indexer weights) is never rounded.
    public InputRounding plainInputRounding() {
        return inputRounding == InputRounding.INT8 ? InputRounding.INT8 : InputRounding.NONE;
    }
}
