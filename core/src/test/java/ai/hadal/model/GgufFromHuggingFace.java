package ai.hadal.model;

import ai.hadal.checkpoint.GgufBuilder;
import ai.hadal.tensor.F16;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightEncoder;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;

/// Writes a small Hugging Face model as GGUF, in each of the layouts that files come in.
final class GgufFromHuggingFace {

    private final Map<String, Tensor> tensors;
    private final ModelConfig config;
    private final GgufBuilder writer = new GgufBuilder();

    GgufFromHuggingFace(Map<String, Tensor> tensors, ModelConfig config) {
        this.tensors = tensors;
        this.config = config;
    }

    GgufBuilder writer() {
        return writer;
    }

    /// @param blocks announced, MTP blocks within the numbering included
    GgufFromHuggingFace metadata(int blocks) {
        String p = "deepseek4.";
        float[] limits = new float[blocks];
        Arrays.fill(limits, config.swigluLimits()[0]);
        writer.string("general.architecture", "deepseek4")
                .u32(p + "block_count", blocks)
                .u32(p + "context_length", config.maxPositions())
                .u32(p + "embedding_length", config.hiddenSize())
                .u32(p + "vocab_size", config.vocabSize())
                .i32s(p + "attention.head_count", config.heads(), config.heads())
                .u32(p + "attention.head_count_kv", 1)
                .u32(p + "attention.key_length", config.headDim())
                .u32(p + "attention.value_length", config.headDim())
                .f32(p + "attention.layer_norm_rms_epsilon", config.rmsNormEps())
                .u32(p + "attention.q_lora_rank", config.qLoraRank())
                .u32(p + "attention.sliding_window", config.slidingWindow())
                .u32(p + "attention.output_group_count", config.oGroups())
                .u32(p + "attention.output_lora_rank", config.oLoraRank())
                .i32s(p + "attention.compress_ratios", config.compressRatios())
                .f32(p + "attention.compress_rope_freq_base", (float) config.compressRopeTheta())
                .u32(p + "attention.indexer.head_count", config.indexHeads())
                .u32(p + "attention.indexer.key_length", config.indexHeadDim())
                .u32(p + "attention.indexer.top_k", config.indexTopK())
                .u32(p + "rope.dimension_count", config.ropeDim())
                .f32(p + "rope.freq_base", (float) config.ropeTheta())
                .string(p + "rope.scaling.type", "yarn")
                .f32(p + "rope.scaling.factor", (float) config.yarn().factor())
                .u32(p + "rope.scaling.original_context_length", config.yarn().originalMaxPositions())
                .u32(p + "expert_count", config.experts())
                .u32(p + "expert_used_count", config.expertsPerToken())
                .u32(p + "expert_shared_count", 1)
                .u32(p + "expert_feed_forward_length", config.expertWidth())
                .u32(p + "expert_gating_func", 4)
                .f32(p + "expert_weights_scale", config.routedScale())
                .bool(p + "expert_weights_norm", true)
                .f32s(p + "swiglu_clamp_exp", limits)
                .u32(p + "hash_layer_count", config.hashLayers())
                .u32(p + "hyper_connection.count", config.hcMult())
                .u32(p + "hyper_connection.sinkhorn_iterations", config.sinkhornIterations())
                .f32(p + "hyper_connection.epsilon", config.hcEps())
                .u32("tokenizer.ggml.bos_token_id", config.bosId())
                .u32("tokenizer.ggml.eos_token_id", config.eosId());
        return this;
    }

    GgufFromHuggingFace mainModel() {
        put("token_embd.weight", "embed.weight");
        return withoutEmbedding();
    }

    /// All of the main model but the embedding.
    GgufFromHuggingFace withoutEmbedding() {
        put("output.weight", "head.weight");
        root("");
        for (int l = 0; l < config.layers(); l++) {
            block("layers." + l + ".", "blk." + l + ".");
        }
        return this;
    }

    /// The final norm and head hyper-connection of the main model, or of the MTP block in a file of its own.
    GgufFromHuggingFace root(String from) {
        put("output_norm.weight", from + "norm.weight");
        put("output_hc_fn.weight", from + "hc_head_fn");
        put("output_hc_base.weight", from + "hc_head_base");
        put("output_hc_scale.weight", from + "hc_head_scale");
        return this;
    }

    /// MTP as the block after the main ones, its projections side by side.
    GgufFromHuggingFace nextn(int format) {
        String p = "blk." + config.layers() + ".";
        writer.u32("deepseek4.nextn_predict_layers", 1);
        block("mtp.0.", p);
        int d = config.hiddenSize();
        float[] e = values("mtp.0.e_proj.weight");
        float[] h = values("mtp.0.h_proj.weight");
        float[] both = new float[2 * d * d];
        for (int row = 0; row < d; row++) {
            System.arraycopy(e, row * d, both, 2 * row * d, d);
            System.arraycopy(h, row * d, both, (2 * row + 1) * d, d);
        }
        writer.tensor(p + "nextn.eh_proj.weight", format, encode(both, format), d, 2L * d);
        put(p + "nextn.enorm.weight", "mtp.0.enorm.weight");
        put(p + "nextn.hnorm.weight", "mtp.0.hnorm.weight");
        put(p + "nextn.shared_head_norm.weight", "mtp.0.norm.weight");
        return this;
    }

    /// MTP under names of its own.
    GgufFromHuggingFace separateMtp() {
        block("mtp.0.", "mtp.0.");
        for (String name :
                new String[] {"e_proj.weight", "h_proj.weight", "enorm.weight", "hnorm.weight", "norm.weight"}) {
            put("mtp.0." + name, "mtp.0." + name);
        }
        for (String name : new String[] {"hc_head_fn", "hc_head_base", "hc_head_scale"}) {
            put("mtp.0." + name + ".weight", "mtp.0." + name);
        }
        return this;
    }

    private void block(String from, String to) {
        String plan = from.startsWith("mtp.") ? "mtp.0." : from;
        for (TensorPlan.Planned planned : TensorPlan.of(config)) {
            if (!planned.name().startsWith(plan) || planned.name().contains(".experts.")) {
                continue;
            }
            String rest = planned.name().substring(plan.length());
            if (rest.matches("[eh]_proj.*|[eh]norm.*|norm.*|hc_head.*")) {
                continue;
            }
            String inMain = GgufNames.places("layers.0." + rest, 0).getFirst().file();
            put(to + inMain.substring("blk.0.".length()), planned.name());
        }
        stack(to + "ffn_gate_exps.weight", from, "w1", config.expertWidth(), config.hiddenSize());
        stack(to + "ffn_down_exps.weight", from, "w2", config.hiddenSize(), config.expertWidth());
        stack(to + "ffn_up_exps.weight", from, "w3", config.expertWidth(), config.hiddenSize());
    }

    private void stack(String to, String from, String matrix, int rows, int cols) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int e = 0; e < config.experts(); e++) {
            all.writeBytes(GgufBuilder.floats(values(from + "ffn.experts." + e + "." + matrix + ".weight")));
        }
        writer.tensor(to, GgufBuilder.F32, all.toByteArray(), config.experts(), rows, cols);
    }

    /// One tensor: token tables as I32, hyper-connection matrices and positional tables as F16, the rest as F32.
    private void put(String to, String from) {
        Tensor tensor = tensors.get(from);
        if (from.endsWith("tid2eid")) {
            ByteBuffer ints = ByteBuffer.allocate((int) tensor.elements() * 4).order(ByteOrder.LITTLE_ENDIAN);
            for (long i = 0; i < tensor.elements(); i++) {
                ints.putInt((int) tensor.data().get(ValueLayout.JAVA_LONG_UNALIGNED, 8 * i));
            }
            writer.tensor(to, GgufBuilder.I32, ints.array(), tensor.shape());
            return;
        }
        int format = isHalf(from) ? GgufBuilder.F16 : GgufBuilder.F32;
        writer.tensor(to, format, encode(values(from), format), tensor.shape());
    }

    static boolean isHalf(String name) {
        return name.endsWith("_fn") || name.endsWith(".ape");
    }

    private static byte[] encode(float[] values, int format) {
        return switch (format) {
            case GgufBuilder.F32 -> GgufBuilder.floats(values);
            case GgufBuilder.F16 -> {
                ByteBuffer out = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
                for (float value : values) {
                    out.putShort(F16.encode(value));
                }
                yield out.array();
            }
            case GgufBuilder.Q8_0 -> {
                try (Arena arena = Arena.ofConfined()) {
                    yield WeightEncoder.encode("q", Format.Q8_0, values, 1, values.length, arena)
                            .data()
                            .toArray(ValueLayout.JAVA_BYTE);
                }
            }
            default -> throw new IllegalArgumentException("format " + format);
        };
    }

    private float[] values(String name) {
        Tensor tensor = tensors.get(name);
        int cols = Math.toIntExact(tensor.elements());
        return FlatWeights.decode(
                new Weight(name, tensor.format(), 1, cols, tensor.data().byteSize(), tensor.data(), null));
    }
}
