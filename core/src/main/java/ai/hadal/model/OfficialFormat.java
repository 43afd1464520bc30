package ai.hadal.model;

import ai.hadal.model.TensorPlan.Planned;
import ai.hadal.tensor.Format;

/// Which format a tensor has in official checkpoints.
///
/// Source: DeepSeek-V4 architecture, tensors on disk.
public final class OfficialFormat {

    private static final int FP4_GROUP = 32;

    private OfficialFormat() {}

    /// The format of a tensor. Experts whose rows are no whole FP4 groups, which no real model has, get FP8.
    public static Format of(Planned tensor) {
        if (!tensor.parameters()) {
            return Format.I64;
        }
        if (isExact(tensor)) {
            return Format.F32;
        }
        if (!tensor.isMatrix() || isSensitive(tensor) || isVocabulary(tensor)) {
            return Format.BF16;
        }
        return tensor.routed() && tensor.shape()[1] % FP4_GROUP == 0 ? Format.F4_E2M1 : Format.F8_E4M3;
    }

    private static boolean isVocabulary(Planned tensor) {
        return tensor.name().equals("embed.weight") || tensor.name().equals("head.weight");
    }

    /// Numbers that are few and act on everything: hyper-connections, sinks, biases, positional tables.
    public static boolean isExact(Planned tensor) {
        String name = tensor.name();
        return name.endsWith("_fn")
                || name.endsWith("_base")
                || name.endsWith("_scale")
                || name.endsWith(".attn_sink")
                || name.endsWith(".ape")
                || name.endsWith(".bias");
    }

    /// Small matrices that choose or compress rather than compute.
    public static boolean isSensitive(Planned tensor) {
        String name = tensor.name();
        return name.endsWith(".ffn.gate.weight")
                || name.endsWith(".weights_proj.weight")
                || name.endsWith(".compressor.wkv.weight")
                || name.endsWith(".compressor.wgate.weight");
    }
}
