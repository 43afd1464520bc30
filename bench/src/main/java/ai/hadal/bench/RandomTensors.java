package ai.hadal.bench;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The tensors of the official layout for a `config.json`: name, shape, stored format,
/// and how large a random model's numbers are to be. Matrices keep the size of what they multiply (a deviation of
/// `1/sqrt(inputs)`), norms are near 1, so that no depth and no length of text makes anything grow.
///
/// Source: DeepSeek-V4 architecture, tensors on disk.
final class RandomTensors {

    sealed interface Planned {
        String name();

        Format format();

        /// Outermost dimension first, in elements.
        long[] shape();
    }

    /// Floating-point numbers around `mean`.
    ///
    /// @param vector whether there is one dimension only; `rows` is 1 then
    record Matrix(String name, Format format, boolean vector, int rows, int cols, float mean, float deviation)
            implements Planned {
        @Override
        public long[] shape() {
            return vector ? new long[] {cols} : new long[] {rows, cols};
        }
    }

    /// Integers from 0 to `below`, exclusive, without repetition in a row.
    record Table(String name, int rows, int cols, int below) implements Planned {
        @Override
        public Format format() {
            return Format.I64;
        }

        @Override
        public long[] shape() {
            return new long[] {rows, cols};
        }
    }

    /// Key-value entries twice as large as the other vectors, so that attention chooses rather than averages.
    private static final float KEY_VALUE_SIZE = 2f;

    private static final float LOGIT_DEVIATION = 2f;

    private final JsonNode config;
    private final List<Planned> plan = new ArrayList<>();
    private final int d;
    private final int streams;

    private RandomTensors(JsonNode config) {
        this.config = config;
        this.d = integer("hidden_size");
        this.streams = integer("hc_mult");
    }

    static List<Planned> of(JsonNode config) {
        var tensors = new RandomTensors(config);
        tensors.model();
        // Wide numbers first, as in official files: so every tensor lies at a multiple of its numbers' size.
        tensors.plan.sort(Comparator.comparingInt(planned -> -planned.format().blockBytes()));
        return List.copyOf(tensors.plan);
    }

    private int integer(String field) {
        return integer(field, config.path(field));
    }

    private static int integer(String field, @Nullable JsonNode node) {
        if (node == null || !node.isInt()) {
            throw new HadalException("config.json: " + field + " is " + node + " where an integer is needed; use the"
                    + " config.json of a DeepSeek-V4 checkpoint");
        }
        return node.intValue();
    }

    private void model() {
        int vocabulary = integer("vocab_size");
        int layers = integer("num_hidden_layers");
        matrix("embed.weight", Format.BF16, vocabulary, d, 1f);
        for (int l = 0; l < layers; l++) {
            block("layers." + l + ".", l);
        }
        hyperHead("hc_head");
        norm("norm.weight", d, 1f);
        matrix("head.weight", Format.BF16, vocabulary, d, LOGIT_DEVIATION / root(d));
        for (int j = 0; j < integer("num_nextn_predict_layers"); j++) {
            String p = "mtp." + j + ".";
            block(p, layers + j);
            linear(p + "e_proj.weight", Format.F8_E4M3, d, d);
            linear(p + "h_proj.weight", Format.F8_E4M3, d, d);
            norm(p + "enorm.weight", d, 1f);
            norm(p + "hnorm.weight", d, 1f);
            hyperHead(p + "hc_head");
            norm(p + "norm.weight", d, 1f);
        }
    }

    private void block(String p, int index) {
        attention(
                p + "attn.",
                integer("compress_ratios", config.path("compress_ratios").get(index)));
        norm(p + "attn_norm.weight", d, 1f);
        norm(p + "ffn_norm.weight", d, 1f);
        moe(p + "ffn.", index);
        int mixes = (2 + streams) * streams;
        for (String sublayer : List.of("hc_attn", "hc_ffn")) {
            matrix(p + sublayer + "_fn", Format.F32, mixes, streams * d, 1f / root(streams * d));
            vector(p + sublayer + "_base", mixes, 0f, 0.5f);
            vector(p + sublayer + "_scale", 3, 0.5f, 0.1f);
        }
    }

    private void attention(String p, int ratio) {
        int heads = integer("num_attention_heads");
        int width = integer("head_dim");
        int queryRank = integer("q_lora_rank");
        int groups = integer("o_groups");
        int outputRank = groups * integer("o_lora_rank");
        vector(p + "attn_sink", heads, 0f, 1f);
        linear(p + "wq_a.weight", Format.F8_E4M3, queryRank, d);
        norm(p + "q_norm.weight", queryRank, 1f);
        linear(p + "wq_b.weight", Format.F8_E4M3, heads * width, queryRank);
        linear(p + "wkv.weight", Format.F8_E4M3, width, d);
        norm(p + "kv_norm.weight", width, KEY_VALUE_SIZE);
        linear(p + "wo_a.weight", Format.F8_E4M3, outputRank, heads / groups * width);
        linear(p + "wo_b.weight", Format.F8_E4M3, d, outputRank);
        if (ratio != 0) {
            compressor(p + "compressor.", ratio, width, KEY_VALUE_SIZE);
        }
        if (ratio == 4) {
            int indexHeads = integer("index_n_heads");
            int indexWidth = integer("index_head_dim");
            linear(p + "indexer.wq_b.weight", Format.F8_E4M3, indexHeads * indexWidth, queryRank);
            linear(p + "indexer.weights_proj.weight", Format.BF16, indexHeads, d);
            compressor(p + "indexer.compressor.", ratio, indexWidth, 1f);
        }
    }

    private void compressor(String p, int ratio, int width, float size) {
        int channels = ratio == 4 ? 2 * width : width;
        matrix(p + "ape", Format.F32, ratio, channels, 0.5f);
        norm(p + "norm.weight", width, size);
        linear(p + "wkv.weight", Format.BF16, channels, d);
        linear(p + "wgate.weight", Format.BF16, channels, d);
    }

    private void moe(String p, int index) {
        int experts = integer("n_routed_experts");
        linear(p + "gate.weight", Format.BF16, experts, d);
        if (index < integer("num_hash_layers")) {
            plan.add(new Table(p + "gate.tid2eid", integer("vocab_size"), integer("num_experts_per_tok"), experts));
        } else {
            vector(p + "gate.bias", experts, 0f, 0.1f);
        }
        for (int e = 0; e < experts; e++) {
            expert(p + "experts." + e + ".", Format.F4_E2M1);
        }
        expert(p + "shared_experts.", Format.F8_E4M3);
    }

    private void expert(String p, Format format) {
        int width = integer("moe_intermediate_size");
        linear(p + "w1.weight", format, width, d);
        linear(p + "w2.weight", format, d, width);
        linear(p + "w3.weight", format, width, d);
    }

    private void hyperHead(String p) {
        matrix(p + "_fn", Format.F32, streams, streams * d, 1f / root(streams * d));
        vector(p + "_base", streams, 0f, 0.5f);
        vector(p + "_scale", 1, 0.5f, 0.1f);
    }

    private void linear(String name, Format format, int rows, int cols) {
        matrix(name, format, rows, cols, 1f / root(cols));
    }

    private void norm(String name, int width, float size) {
        plan.add(new Matrix(name, Format.BF16, true, 1, width, size, 0.1f * size));
    }

    private void matrix(String name, Format format, int rows, int cols, float deviation) {
        plan.add(new Matrix(name, format, false, rows, cols, 0f, deviation));
    }

    private void vector(String name, int width, float mean, float deviation) {
        plan.add(new Matrix(name, Format.F32, true, 1, width, mean, deviation));
    }

    private static float root(int n) {
        return (float) Math.sqrt(n);
    }
}
