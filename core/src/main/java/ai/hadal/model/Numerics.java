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
}
