package ai.hadal.train.check;

import ai.hadal.model.ModelConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/// Names and shapes of everything a model learns, in the order of the network.
public final class TensorShapes {

    private final ModelConfig config;
    private final Map<String, int[]> shapes = new LinkedHashMap<>();

    private TensorShapes(ModelConfig config) {
        this.config = config;
    }

    /// Shapes by official name, outermost dimension first.
    public static Map<String, int[]> of(ModelConfig config) {
        var all = new TensorShapes(config);
        all.model();
        return all.shapes;
    }

    private void model() {
        int d = config.hiddenSize();
        add("embed.weight", config.vocabSize(), d);
        for (int l = 0; l < config.layers(); l++) {
            block("layers." + l + ".", l);
        }
        head("");
        add("head.weight", config.vocabSize(), d);
        for (int j = 0; j < config.mtpLayers(); j++) {
            String p = "mtp." + j + ".";
            block(p, config.layers() + j);
            add(p + "e_proj.weight", d, d);
            add(p + "h_proj.weight", d, d);
            add(p + "enorm.weight", d);
            add(p + "hnorm.weight", d);
            head(p);
        }
    }

    private void head(String p) {
        int s = config.hcMult();
        add(p + "hc_head_fn", s, s * config.hiddenSize());
        add(p + "hc_head_base", s);
        add(p + "hc_head_scale", 1);
        add(p + "norm.weight", config.hiddenSize());
    }

    private void block(String p, int index) {
        int d = config.hiddenSize();
        int s = config.hcMult();
        for (String sublayer : new String[] {"hc_attn", "hc_ffn"}) {
            add(p + sublayer + "_fn", (2 + s) * s, s * d);
            add(p + sublayer + "_base", (2 + s) * s);
            add(p + sublayer + "_scale", 3);
        }
        add(p + "attn_norm.weight", d);
        add(p + "ffn_norm.weight", d);
        attention(p + "attn.", config.compressRatios()[index]);
        add(p + "ffn.gate.weight", config.experts(), d);
        if (index >= config.hashLayers()) {
            add(p + "ffn.gate.bias", config.experts());
        }
        for (int e = 0; e < config.experts(); e++) {
            expert(p + "ffn.experts." + e + ".");
        }
        expert(p + "ffn.shared_experts.");
    }

    private void attention(String p, int ratio) {
        int d = config.hiddenSize();
        int rank = config.oGroups() * config.oLoraRank();
        add(p + "wq_a.weight", config.qLoraRank(), d);
        add(p + "q_norm.weight", config.qLoraRank());
        add(p + "wq_b.weight", config.heads() * config.headDim(), config.qLoraRank());
        add(p + "wkv.weight", config.headDim(), d);
        add(p + "kv_norm.weight", config.headDim());
        add(p + "attn_sink", config.heads());
        add(p + "wo_a.weight", rank, config.heads() / config.oGroups() * config.headDim());
        add(p + "wo_b.weight", d, rank);
        if (ratio != 0) {
            compressor(p + "compressor.", ratio, config.headDim());
        }
        if (ratio == 4) {
            add(p + "indexer.wq_b.weight", config.indexHeads() * config.indexHeadDim(), config.qLoraRank());
            add(p + "indexer.weights_proj.weight", config.indexHeads(), d);
            compressor(p + "indexer.compressor.", ratio, config.indexHeadDim());
        }
    }

    private void compressor(String p, int ratio, int width) {
        int channels = ratio == 4 ? 2 * width : width;
        add(p + "wkv.weight", channels, config.hiddenSize());
        add(p + "wgate.weight", channels, config.hiddenSize());
        add(p + "ape", ratio, channels);
        add(p + "norm.weight", width);
    }

    private void expert(String p) {
        add(p + "w1.weight", config.expertWidth(), config.hiddenSize());
        add(p + "w2.weight", config.hiddenSize(), config.expertWidth());
        add(p + "w3.weight", config.expertWidth(), config.hiddenSize());
    }

    private void add(String name, int... shape) {
        shapes.put(name, shape);
    }
}
