package ai.hadal.checkpoint;

import ai.hadal.tensor.Format;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tensor types of GGUF by their ids.
final class GgmlType {

    private static final Map<Integer, Format> FORMATS = Map.ofEntries(
            Map.entry(0, Format.F32),
            Map.entry(1, Format.F16),
            Map.entry(8, Format.Q8_0),
            Map.entry(10, Format.Q2_K),
            Map.entry(12, Format.Q4_K),
            Map.entry(14, Format.Q6_K),
            Map.entry(16, Format.IQ2_XXS),
            Map.entry(24, Format.I8),
            Map.entry(26, Format.I32),
            Map.entry(27, Format.I64),
            Map.entry(30, Format.BF16),
            Map.entry(39, Format.MXFP4));

    private static final Map<Integer, String> OTHERS = Map.ofEntries(
            Map.entry(2, "Q4_0"),
            Map.entry(3, "Q4_1"),
            Map.entry(6, "Q5_0"),
            Map.entry(7, "Q5_1"),
            Map.entry(11, "Q3_K"),
            Map.entry(13, "Q5_K"),
            Map.entry(15, "Q8_K"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(20, "IQ4_NL"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(23, "IQ4_XS"),
            Map.entry(25, "I16"),
            Map.entry(28, "F64"),
            Map.entry(29, "IQ1_M"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(40, "NVFP4"));

    private GgmlType() {}

    /// The format of a type, or null when Hadal does not read it.
    static @Nullable Format format(int id) {
        return FORMATS.get(id);
    }

    /// The type of a format.
    ///
    /// @throws IllegalArgumentException for a format that GGUF doesn't know
    static int id(Format format) {
        return FORMATS.entrySet().stream()
                .filter(entry -> entry.getValue() == format)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("GGUF has no type for " + format));
    }

    /// The name of a type that has no [#format].
    static String name(int id) {
        return OTHERS.getOrDefault(id, "ggml type " + Integer.toUnsignedString(id));
    }
}
