package ai.hadal.train.quantize;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.GgufCheckpoint;
import ai.hadal.checkpoint.HuggingFaceCheckpoint;
import ai.hadal.engine.Tokenizers;
import ai.hadal.error.HadalException;
import ai.hadal.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The small files of a folder in the official layout.
final class OfficialFiles {

    private static final long LARGEST_COPY = 64L << 20;

    private OfficialFiles() {}

    /// Writes config.json, tokenizer.json and whatever else describes the model.
    static void write(Path folder, Checkpoint source, ModelConfig config) throws IOException {
        switch (source) {
            case HuggingFaceCheckpoint huggingFace -> {
                copyCompanions(huggingFace.path(), folder);
                copyConfig(huggingFace, folder.resolve("config.json"));
            }
            case GgufCheckpoint gguf -> {
                writeJson(folder.resolve("config.json"), config(config, gguf));
                var vocabulary = Tokenizers.vocabulary(gguf);
                if (vocabulary != null) {
                    Files.writeString(folder.resolve("tokenizer.json"), vocabulary.toJson());
                }
            }
        }
    }

    private static void copyCompanions(Path from, Path to) throws IOException {
        List<Path> files;
        try (var listed = Files.list(from.toAbsolutePath())) {
            files = listed.sorted(Comparator.naturalOrder()).toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            boolean described = name.endsWith(".json") || name.endsWith(".jinja") || name.startsWith("LICENSE");
            boolean ours = name.equals("config.json") || name.endsWith(".safetensors.index.json");
            if (described && !ours && Files.isRegularFile(file) && Files.size(file) <= LARGEST_COPY) {
                Files.write(to.resolve(name), Files.readAllBytes(file));
            }
        }
    }

    /// The same text if it says the formats already.
    private static void copyConfig(HuggingFaceCheckpoint source, Path to) throws IOException {
        var root = (ObjectNode) source.config().deepCopy();
        addFormats(root);
        if (root.equals(source.config())) {
            Files.write(to, Files.readAllBytes(source.configFile()));
        } else {
            writeJson(to, root);
        }
    }

    private static void writeJson(Path to, ObjectNode root) throws IOException {
        Files.writeString(to, root.toPrettyString() + "\n");
    }

    private static void addFormats(ObjectNode root) {
        root.put("expert_dtype", "fp4");
        var quantization = JsonMapper.shared().createObjectNode();
        quantization
                .put("activation_scheme", "dynamic")
                .put("fmt", "e4m3")
                .put("quant_method", "fp8")
                .put("scale_fmt", "ue8m0");
        quantization.putArray("weight_block_size").add(128).add(128);
        if (!quantization.equals(root.get("quantization_config"))) {
            root.set("quantization_config", quantization);
        }
    }

    private static ObjectNode config(ModelConfig c, GgufCheckpoint source) {
        var root = JsonMapper.shared().createObjectNode();
        root.putArray("architectures").add("DeepseekV4ForCausalLM");
        root.put("bos_token_id", c.bosId()).put("eos_token_id", c.eosId());
        var ratios = root.putArray("compress_ratios");
        for (int ratio : c.compressRatios()) {
            ratios.add(ratio);
        }
        root.put("compress_rope_theta", c.compressRopeTheta())
                .put("hc_eps", exact(c.hcEps()))
                .put("hc_mult", c.hcMult())
                .put("hc_sinkhorn_iters", c.sinkhornIterations())
                .put("head_dim", c.headDim())
                .put("hidden_act", "silu")
                .put("hidden_size", c.hiddenSize())
                .put("index_head_dim", c.indexHeadDim())
                .put("index_n_heads", c.indexHeads())
                .put("index_topk", c.indexTopK())
                .put("max_position_embeddings", c.maxPositions())
                .put("model_type", "deepseek_v4")
                .put("moe_intermediate_size", c.expertWidth())
                .put("n_routed_experts", c.experts())
                .put("n_shared_experts", 1)
                .put("norm_topk_prob", true)
                .put("num_attention_heads", c.heads())
                .put("num_experts_per_tok", c.expertsPerToken())
                .put("num_hash_layers", c.hashLayers())
                .put("num_hidden_layers", c.layers())
                .put("num_key_value_heads", 1)
                .put("num_nextn_predict_layers", c.mtpLayers())
                .put("o_groups", c.oGroups())
                .put("o_lora_rank", c.oLoraRank())
                .put("q_lora_rank", c.qLoraRank())
                .put("qk_rope_head_dim", c.ropeDim())
                .put("rms_norm_eps", exact(c.rmsNormEps()));
        if (c.yarn().factor() != 1) {
            root.putObject("rope_scaling")
                    .put("beta_fast", c.yarn().betaFast())
                    .put("beta_slow", c.yarn().betaSlow())
                    .put("factor", c.yarn().factor())
                    .put("original_max_position_embeddings", c.yarn().originalMaxPositions())
                    .put("type", "yarn");
        }
        root.put("rope_theta", c.ropeTheta())
                .put("routed_scaling_factor", exact(c.routedScale()))
                .put("scoring_func", "sqrtsoftplus")
                .put("sliding_window", c.slidingWindow())
                .put("swiglu_limit", exact(oneLimit(c, source)))
                .put("tie_word_embeddings", false)
                .put("torch_dtype", "bfloat16")
                .put("vocab_size", c.vocabSize());
        addFormats(root);
        return root;
    }

    /// A config.json has one clamp for all.
    private static float oneLimit(ModelConfig config, GgufCheckpoint source) {
        float limit = config.swigluLimits()[0];
        for (float[] limits : List.of(config.swigluLimits(), config.sharedSwigluLimits())) {
            for (float other : limits) {
                if (other != limit) {
                    throw new HadalException(source.path() + " clamps its blocks' experts differently (" + limit
                            + " and " + other + "), which a config.json cannot say; write a GGUF format instead");
                }
            }
        }
        return limit;
    }

    /// The decimal that a float prints as, not the digits of its binary value.
    private static double exact(float value) {
        return Double.parseDouble(Float.toString(value));
    }
}
