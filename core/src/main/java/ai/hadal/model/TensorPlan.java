package ai.hadal.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Every tensor that a model of a given configuration consists of, under its official name, with its logical shape.
/// Scales belong to their weights and are not listed.
///
/// Source: DeepSeek-V4 architecture, tensors on disk.
public final class TensorPlan {

    /// One tensor.
    ///
    /// @param name the official name
    /// @param part what it counts to
    /// @param shape outermost dimension first
    /// @param routed whether only the selected experts' share is used for a token
    /// @param parameters false for tables of integers, which are not learnt
    public record Planned(String name, ModelPart part, int[] shape, boolean routed, boolean parameters) {

        public long elements() {
            long n = 1;
            for (int size : shape) {
                n *= size;
            }
            return n;
        }

        /// Whether it is multiplied with; vectors and small tables are decoded instead.
        public boolean isMatrix() {
            return shape.length == 2 && parameters && !name.endsWith(".ape");
        }
    }

    private final ModelConfig config;
    private final Consumer<Planned> sink;

    private TensorPlan(ModelConfig config, Consumer<Planned> sink) {
        this.config = config;
        this.sink = sink;
    }

    /// The whole plan, in the order of the network. A large model has some seventy thousand tensors.
    public static List<Planned> of(ModelConfig config) {
        List<Planned> plan = new ArrayList<>();
        visit(config, plan::add);
        return plan;
    }

    static void visit(ModelConfig config, Consumer<Planned> sink) {
        new TensorPlan(config, sink).model();
    }

    private void model() {
        int d = config.hiddenSize();
        add("embed.weight", ModelPart.EMBEDDING, config.vocabSize(), d);
        for (int l = 0; l < config.layers(); l++) {
            block("layers." + l + ".", l, null);
        }
        hcHead("hc_head", ModelPart.HYPER_CONNECTIONS);
        add("norm.weight", ModelPart.NORMS, d);
        add("head.weight", ModelPart.HEAD, config.vocabSize(), d);
        for (int j = 0; j < config.mtpLayers(); j++) {
            String p = "mtp." + j + ".";
            block(p, config.layers() + j, ModelPart.MTP);
            add(p + "e_proj.weight", ModelPart.MTP, d, d);
            add(p + "h_proj.weight", ModelPart.MTP, d, d);
            add(p + "enorm.weight", ModelPart.MTP, d);
            add(p + "hnorm.weight", ModelPart.MTP, d);
            hcHead(p + "hc_head", ModelPart.MTP);
            add(p + "norm.weight", ModelPart.MTP, d);
        }
    }

    /// One block; `whole` is the part that all its tensors count to, null for their own.
    private void block(String p, int index, @Nullable ModelPart whole) {
        int d = config.hiddenSize();
        int ratio = config.compressRatios()[index];
        ModelPart attention = whole == null ? ModelPart.ATTENTION : whole;
        String a = p + "attn.";
        add(a + "attn_sink", attention, config.heads());
        add(a + "wq_a.weight", attention, config.qLoraRank(), d);
        add(a + "q_norm.weight", attention, config.qLoraRank());
        add(a + "wq_b.weight", attention, config.heads() * config.headDim(), config.qLoraRank());
        add(a + "wkv.weight", attention, config.headDim(), d);
        add(a + "kv_norm.weight", attention, config.headDim());
        int groupWidth = config.heads() / config.oGroups() * config.headDim();
        int outputRank = config.oGroups() * config.oLoraRank();
        add(a + "wo_a.weight", attention, outputRank, groupWidth);
        add(a + "wo_b.weight", attention, d, outputRank);
        if (ratio != 0) {
            compressor(a + "compressor.", ratio, config.headDim(), whole);
        }
        if (ratio == 4) {
            ModelPart indexer = whole == null ? ModelPart.INDEXER : whole;
            int width = config.indexHeads() * config.indexHeadDim();
            add(a + "indexer.wq_b.weight", indexer, width, config.qLoraRank());
            add(a + "indexer.weights_proj.weight", indexer, config.indexHeads(), d);
            compressor(a + "indexer.compressor.", ratio, config.indexHeadDim(), whole);
        }
        ModelPart norms = whole == null ? ModelPart.NORMS : whole;
        add(p + "attn_norm.weight", norms, d);
        add(p + "ffn_norm.weight", norms, d);
        moe(p + "ffn.", index, whole);
        ModelPart hyper = whole == null ? ModelPart.HYPER_CONNECTIONS : whole;
        int s = config.hcMult();
        for (String sublayer : List.of("hc_attn", "hc_ffn")) {
            add(p + sublayer + "_fn", hyper, (2 + s) * s, s * d);
            add(p + sublayer + "_base", hyper, (2 + s) * s);
            add(p + sublayer + "_scale", hyper, 3);
        }
    }

    private void compressor(String p, int ratio, int width, @Nullable ModelPart whole) {
        ModelPart part = whole == null ? ModelPart.COMPRESSORS : whole;
        int channels = compressorChannels(ratio, width);
        add(p + "ape", part, ratio, channels);
        add(p + "wkv.weight", part, channels, config.hiddenSize());
        add(p + "wgate.weight", part, channels, config.hiddenSize());
        add(p + "norm.weight", part, width);
    }

    /// Channels of a compressor of output width `width`: both halves of the overlapping ratio 4.
    static int compressorChannels(int ratio, int width) {
        return ratio == 4 ? 2 * width : width;
    }

    private void moe(String p, int index, @Nullable ModelPart whole) {
        int d = config.hiddenSize();
        int f = config.expertWidth();
        ModelPart router = whole == null ? ModelPart.ROUTER : whole;
        add(p + "gate.weight", router, config.experts(), d);
        if (index < config.hashLayers()) {
            int[] shape = {config.vocabSize(), config.expertsPerToken()};
            sink.accept(new Planned(p + "gate.tid2eid", router, shape, false, false));
        } else {
            add(p + "gate.bias", router, config.experts());
        }
        ModelPart routed = whole == null ? ModelPart.ROUTED_EXPERTS : whole;
        for (int e = 0; e < config.experts(); e++) {
            expert(p + "experts." + e + ".", routed, true, d, f);
        }
        expert(p + "shared_experts.", whole == null ? ModelPart.SHARED_EXPERTS : whole, false, d, f);
    }

    private void expert(String p, ModelPart part, boolean routed, int d, int f) {
        sink.accept(new Planned(p + "w1.weight", part, new int[] {f, d}, routed, true));
        sink.accept(new Planned(p + "w2.weight", part, new int[] {d, f}, routed, true));
        sink.accept(new Planned(p + "w3.weight", part, new int[] {f, d}, routed, true));
    }

    private void hcHead(String p, ModelPart part) {
        int s = config.hcMult();
        add(p + "_fn", part, s, s * config.hiddenSize());
        add(p + "_base", part, s);
        add(p + "_scale", part, 1);
    }

    private void add(String name, ModelPart part, int... shape) {
        sink.accept(new Planned(name, part, shape, false, true));
    }
}
