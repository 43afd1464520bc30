package ai.hadal.train.quantize;

import ai.hadal.model.OfficialFormat;
import ai.hadal.model.TensorPlan.Planned;
import ai.hadal.tensor.Format;

/// Which format a tensor gets in a GGUF file.
///
/// Source: GGUF facts for `deepseek4`, tensors.
public final class FormatRule {

    private FormatRule() {}

    /// @param experts of routed experts, where their rows are whole blocks of it
    /// @param stored the format it has now; what is small and sensitive keeps it where GGUF can say it
    public static Format gguf(Planned tensor, Format experts, Format stored) {
        if (!tensor.parameters()) {
            return Format.I32;
        }
        if (!tensor.isMatrix() || OfficialFormat.isExact(tensor)) {
            return Format.F32;
        }
        if (OfficialFormat.isSensitive(tensor)) {
            // Both fit: an E4M3 or E2M1 number times a power of two has few digits.
            return stored == Format.F8_E4M3 || stored == Format.F4_E2M1 ? Format.BF16 : stored;
        }
        if (!fits(tensor, 32)) {
            return Format.F32;
        }
        return tensor.routed() && fits(tensor, experts.blockElements()) ? experts : Format.Q8_0;
    }

    private static boolean fits(Planned tensor, int block) {
        return tensor.shape()[1] % block == 0;
    }
}
