package ai.hadal.model;

/// The fields of a configuration: their names in `config.json` and, without the architecture's prefix, in GGUF
/// metadata, and the range in which a value makes sense. The upper ends are far beyond any real model; they keep
/// products of two sizes within an int.
enum ConfigField {
    HIDDEN_SIZE("hidden_size", "embedding_length", 1, 1 << 17),
    LAYERS("num_hidden_layers", "block_count", 1, 1 << 12),
    MTP_LAYERS("num_nextn_predict_layers", "nextn_predict_layers", 0, 64),
    HASH_LAYERS("num_hash_layers", "hash_layer_count", 0, 1 << 12),
    COMPRESS_RATIOS("compress_ratios", "attention.compress_ratios", 0, 128),
    HEADS("num_attention_heads", "attention.head_count", 1, 1 << 12),
    KV_HEADS("num_key_value_heads", "attention.head_count_kv", 1, 1),
    HEAD_DIM("head_dim", "attention.key_length", 2, 1 << 13),
    VALUE_DIM("head_dim", "attention.value_length", 2, 1 << 13),
    ROPE_DIM("qk_rope_head_dim", "rope.dimension_count", 2, 1 << 13),
    Q_LORA_RANK("q_lora_rank", "attention.q_lora_rank", 1, 1 << 17),
    O_GROUPS("o_groups", "attention.output_group_count", 1, 1 << 12),
    O_LORA_RANK("o_lora_rank", "attention.output_lora_rank", 1, 1 << 14),
    SLIDING_WINDOW("sliding_window", "attention.sliding_window", 1, 1 << 20),
    INDEX_HEADS("index_n_heads", "attention.indexer.head_count", 1, 1 << 12),
    INDEX_HEAD_DIM("index_head_dim", "attention.indexer.key_length", 32, 1 << 12),
    INDEX_TOP_K("index_topk", "attention.indexer.top_k", 1, 1 << 16),
    EXPERTS("n_routed_experts", "expert_count", 1, 1 << 14),
    EXPERTS_PER_TOKEN("num_experts_per_tok", "expert_used_count", 1, 64),
    SHARED_EXPERTS("n_shared_experts", "expert_shared_count", 1, 1),
    EXPERT_WIDTH("moe_intermediate_size", "expert_feed_forward_length", 1, 1 << 17),
    ROUTED_SCALE("routed_scaling_factor", "expert_weights_scale", 0, 1e6),
    SWIGLU_LIMIT("swiglu_limit", "swiglu_clamp_exp", 0, 1e6),
    SHARED_SWIGLU_LIMIT("swiglu_limit", "swiglu_clamp_shexp", 0, 1e6),
    HC_MULT("hc_mult", "hyper_connection.count", 1, 16),
    SINKHORN_ITERATIONS("hc_sinkhorn_iters", "hyper_connection.sinkhorn_iterations", 1, 1000),
    HC_EPS("hc_eps", "hyper_connection.epsilon", 0, 1),
    RMS_NORM_EPS("rms_norm_eps", "attention.layer_norm_rms_epsilon", 0, 1),
    ROPE_THETA("rope_theta", "rope.freq_base", 2, 1e12),
    COMPRESS_ROPE_THETA("compress_rope_theta", "attention.compress_rope_freq_base", 2, 1e12),
    YARN_FACTOR("rope_scaling.factor", "rope.scaling.factor", 1, 1e6),
    YARN_ORIGINAL_POSITIONS(
            "rope_scaling.original_max_position_embeddings", "rope.scaling.original_context_length", 1, 1 << 30),
    YARN_BETA_FAST("rope_scaling.beta_fast", "rope.scaling.yarn_beta_fast", 1e-3, 1e6),
    YARN_BETA_SLOW("rope_scaling.beta_slow", "rope.scaling.yarn_beta_slow", 1e-3, 1e6),
    VOCAB_SIZE("vocab_size", "vocab_size", 1, 1 << 24),
    MAX_POSITIONS("max_position_embeddings", "context_length", 1, 1 << 30),
    BOS_ID("bos_token_id", "tokenizer.ggml.bos_token_id", 0, 1 << 24),
    EOS_ID("eos_token_id", "tokenizer.ggml.eos_token_id", 0, 1 << 24);

    private static final String ARCHITECTURE = "deepseek4.";

    private final String json;
    private final String gguf;
    private final double min;
    private final double max;

    ConfigField(String json, String gguf, double min, double max) {
        this.json = json;
        this.gguf = gguf;
        this.min = min;
        this.max = max;
    }

    String json() {
        return json;
    }

    String gguf() {
        return gguf.startsWith("tokenizer.") ? gguf : ARCHITECTURE + gguf;
    }

    boolean accepts(double value) {
        return value >= min && value <= max;
    }

    /// The accepted range, for messages.
    String range() {
        String low = text(min);
        return min == max ? low : "from " + low + " to " + text(max);
    }

    private static String text(double value) {
        return value == Math.rint(value) && value < 1e9 ? Long.toString((long) value) : Double.toString(value);
    }
}
