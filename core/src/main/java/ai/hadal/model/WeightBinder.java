package ai.hadal.model;

import ai.hadal.model.ModelWeights.Attention;
import ai.hadal.model.ModelWeights.Compressor;
import ai.hadal.model.ModelWeights.Expert;
import ai.hadal.model.ModelWeights.HashTable;
import ai.hadal.model.ModelWeights.HyperConnection;
import ai.hadal.model.ModelWeights.Indexer;
import ai.hadal.model.ModelWeights.Layer;
import ai.hadal.model.ModelWeights.Moe;
import ai.hadal.model.ModelWeights.Mtp;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightRows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Builds the tree of weights from official names.
final class WeightBinder {

    private final WeightSource source;
    private final ModelConfig config;

    WeightBinder(WeightSource source, ModelConfig config) {
        this.source = source;
        this.config = config;
    }

    ModelWeights bind() {
        int d = config.hiddenSize();
        List<Layer> layers = new ArrayList<>();
        for (int l = 0; l < config.layers(); l++) {
            layers.add(layer("layers." + l + ".", l));
        }
        List<Mtp> mtp = new ArrayList<>();
        for (int j = 0; j < config.mtpLayers(); j++) {
            mtp.add(mtp("mtp." + j + ".", config.layers() + j));
        }
        return new ModelWeights(
                source.matrix("embed.weight", config.vocabSize(), d),
                source.matrix("head.weight", config.vocabSize(), d),
                hyperConnection("hc_head", config.hcMult(), 1),
                vector("norm.weight", d),
                List.copyOf(layers),
                List.copyOf(mtp));
    }

    private Mtp mtp(String p, int index) {
        int d = config.hiddenSize();
        return new Mtp(
                layer(p, index),
                source.matrix(p + "e_proj.weight", d, d),
                source.matrix(p + "h_proj.weight", d, d),
                vector(p + "enorm.weight", d),
                vector(p + "hnorm.weight", d),
                hyperConnection(p + "hc_head", config.hcMult(), 1),
                vector(p + "norm.weight", d));
    }

    private Layer layer(String p, int index) {
        int rows = (2 + config.hcMult()) * config.hcMult();
        int ratio = config.compressRatios()[index];
        return new Layer(
                index,
                ratio,
                hyperConnection(p + "hc_attn", rows, 3),
                vector(p + "attn_norm.weight", config.hiddenSize()),
                attention(p + "attn.", ratio),
                hyperConnection(p + "hc_ffn", rows, 3),
                vector(p + "ffn_norm.weight", config.hiddenSize()),
                moe(p + "ffn.", index));
    }

    private HyperConnection hyperConnection(String p, int rows, int scales) {
        return new HyperConnection(
                source.matrix(p + "_fn", rows, config.hcMult() * config.hiddenSize()),
                vector(p + "_base", rows),
                vector(p + "_scale", scales));
    }

    private Attention attention(String p, int ratio) {
        int d = config.hiddenSize();
        int outputRank = config.oGroups() * config.oLoraRank();
        return new Attention(
                source.matrix(p + "wq_a.weight", config.qLoraRank(), d),
                vector(p + "q_norm.weight", config.qLoraRank()),
                source.matrix(p + "wq_b.weight", config.heads() * config.headDim(), config.qLoraRank()),
                source.matrix(p + "wkv.weight", config.headDim(), d),
                vector(p + "kv_norm.weight", config.headDim()),
                vector(p + "attn_sink", config.heads()),
                source.matrix(p + "wo_a.weight", outputRank, config.heads() / config.oGroups() * config.headDim()),
                source.matrix(p + "wo_b.weight", d, outputRank),
                ratio == 0 ? null : compressor(p + "compressor.", ratio, config.headDim()),
                ratio == 4 ? indexer(p + "indexer.", ratio) : null);
    }

    private Compressor compressor(String p, int ratio, int width) {
        int channels = TensorPlan.compressorChannels(ratio, width);
        return new Compressor(
                ratio,
                width,
                source.matrix(p + "wkv.weight", channels, config.hiddenSize()),
                source.matrix(p + "wgate.weight", channels, config.hiddenSize()),
                table(p + "ape", ratio, channels),
                vector(p + "norm.weight", width));
    }

    private Indexer indexer(String p, int ratio) {
        return new Indexer(
                source.matrix(p + "wq_b.weight", config.indexHeads() * config.indexHeadDim(), config.qLoraRank()),
                source.matrix(p + "weights_proj.weight", config.indexHeads(), config.hiddenSize()),
                compressor(p + "compressor.", ratio, config.indexHeadDim()));
    }

    private Moe moe(String p, int index) {
        boolean hash = index < config.hashLayers();
        List<Expert> experts = new ArrayList<>(config.experts());
        for (int e = 0; e < config.experts(); e++) {
            experts.add(expert(p + "experts." + e + "."));
        }
        return new Moe(
                source.matrix(p + "gate.weight", config.experts(), config.hiddenSize()),
                hash ? null : vector(p + "gate.bias", config.experts()),
                hash ? hashTable(p + "gate.tid2eid") : null,
                List.copyOf(experts),
                expert(p + "shared_experts."));
    }

    private Expert expert(String p) {
        int d = config.hiddenSize();
        int f = config.expertWidth();
        return new Expert(
                source.matrix(p + "w1.weight", f, d),
                source.matrix(p + "w2.weight", d, f),
                source.matrix(p + "w3.weight", f, d));
    }

    float[] vector(String name, int n) {
        Tensor tensor = tensor(name);
        checkShape(name, tensor, n);
        return decode(name, tensor, 1, n);
    }

    /// A small matrix as floats, row major.
    float[] table(String name, int rows, int cols) {
        Tensor tensor = tensor(name);
        checkShape(name, tensor, rows, cols);
        return decode(name, tensor, rows, cols);
    }

    private float[] decode(String name, Tensor tensor, int rows, int cols) {
        Format format = tensor.format();
        // Formats with separate scales are meant for matrices only.
        if (!format.isWeight() || format == Format.F8_E4M3 || format == Format.F4_E2M1) {
            throw source.wrong(name, "is stored as " + format + " where floating point is needed");
        }
        Weight weight = new Weight(tensor.name(), format, rows, cols, format.bytes(cols), tensor.data(), null);
        float[] out = new float[rows * cols];
        for (int row = 0; row < rows; row++) {
            WeightRows.decode(weight, row, 0, cols, out, row * cols);
        }
        for (int i = 0; i < out.length; i++) {
            if (Float.isNaN(out[i])) {
                throw source.wrong(name, "holds NaN at element " + i);
            }
        }
        return out;
    }

    HashTable hashTable(String name) {
        Tensor tensor = tensor(name);
        int slots = config.expertsPerToken();
        checkShape(name, tensor, config.vocabSize(), slots);
        HashTable table = switch (tensor.format()) {
            case I64 -> new LongTable(tensor.data(), slots);
            case I32 -> new IntTable(tensor.data(), slots);
            default -> throw source.wrong(name, "is stored as " + tensor.format() + " where I64 or I32 is needed");
        };
        for (int token = 0; token < config.vocabSize(); token++) {
            for (int slot = 0; slot < slots; slot++) {
                int expert = table.expert(token, slot);
                if (expert < 0 || expert >= config.experts()) {
                    throw source.wrong(
                            name,
                            "sends token " + token + " to expert " + expert + " where 0 to " + (config.experts() - 1)
                                    + " is needed");
                }
            }
        }
        return table;
    }

    private record LongTable(MemorySegment data, int slots) implements HashTable {

        private static final ValueLayout.OfLong LONG =
                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

        @Override
        public int expert(int tokenId, int slot) {
            long expert = data.get(LONG, Long.BYTES * ((long) tokenId * slots + slot));
            // What doesn't fit an int can't be an expert either.
            return expert == (int) expert ? (int) expert : -1;
        }
    }

    private record IntTable(MemorySegment data, int slots) implements HashTable {

        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

        @Override
        public int expert(int tokenId, int slot) {
            return data.get(INT, Integer.BYTES * ((long) tokenId * slots + slot));
        }
    }

    private Tensor tensor(String name) {
        WeightSource.Stored stored = source.find(name);
        if (stored == null) {
            throw source.missing(name);
        }
        return stored.tensor();
    }

    private void checkShape(String name, Tensor tensor, long... shape) {
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw source.wrong(
                    name,
                    "has the shape " + Arrays.toString(tensor.shape()) + " where " + Arrays.toString(shape)
                            + " is needed");
        }
    }
}
