package ai.hadal.train.quantize;

import ai.hadal.model.TensorPlan.Planned;
import ai.hadal.tensor.Format;

/// Which format a tensor gets.
///
/// Source: DeepSeek-V4 architecture, tensors on disk; GGUF facts for `deepseek4`, tensors.
final class FormatRule {

    private FormatRule() {}

    /// In the official layout. Experts whose rows are no whole FP4 groups, which no real model has, get FP8.
    static Format official(Planned tensor) {
        if (!tensor.parameters()) {
            return Format.I64;
        }
        if (isExact(tensor)) {
            return Format.F32;
        }
        if (!tensor.isMatrix() || isSensitive(tensor) || isVocabulary(tensor)) {
            return Format.BF16;
        }
        return tensor.routed() && fits(tensor, 32) ? Format.F4_E2M1 : Format.F8_E4M3;
    }

    /// In a GGUF file.
    ///
    /// @param stored the format it has now; what is small and sensitive keeps it where GGUF can say it
    static Format gguf(Planned tensor, TargetFormat target, Format stored) {
        if (!tensor.parameters()) {
            return Format.I32;
        }
        if (!tensor.isMatrix() || isExact(tensor)) {
            return Format.F32;
        }
        if (isSensitive(tensor)) {
            // Both fit: an E4M3 or E2M1 number times a power of two has few digits.
            return stored == Format.F8_E4M3 || stored == Format.F4_E2M1 ? Format.BF16 : stored;
        }
        if (!fits(tensor, 32)) {
            return Format.F32;
        }
        if (!tensor.routed()) {
            return Format.Q8_0;
        }
        return switch (target) {
            case MXFP4 -> Format.MXFP4;
            case Q4_K -> fits(tensor, 256) ? Format.Q4_K : Format.Q8_0;
            case Q8_0, OFFICIAL -> Format.Q8_0;
        };
    }

    private static boolean fits(Planned tensor, int block) {
        return tensor.shape()[1] % block == 0;
    }

    private static boolean isVocabulary(Planned tensor) {
        return tensor.name().equals("embed.weight") || tensor.name().equals("head.weight");
    }

    /// Numbers that are few and act on everything: hyper-connections, sinks, biases, positional tables.
    private static boolean isExact(Planned tensor) {
        String name = tensor.name();
        return name.endsWith("_fn")
                || name.endsWith("_base")
                || name.endsWith("_scale")
                || name.endsWith(".attn_sink")
                || name.endsWith(".ape")
                || name.endsWith(".bias");
    }

    /// Small matrices that choose or compress rather than compute.
    private static boolean isSensitive(Planned tensor) {
        String name = tensor.name();
        return name.endsWith(".ffn.gate.weight")
                || name.endsWith(".weights_proj.weight")
                || name.endsWith(".compressor.wkv.weight")
                || name.endsWith(".compressor.wgate.weight");
    }
}
