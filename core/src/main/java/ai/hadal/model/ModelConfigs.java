package ai.hadal.model;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.ConfigFile;
import ai.hadal.checkpoint.GgufCheckpoint;
import ai.hadal.checkpoint.HuggingFaceCheckpoint;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads and checks a checkpoint's configuration.
///
/// Source: DeepSeek-V4 architecture, configuration table and its constraints; GGUF metadata keys of `deepseek4`.
public final class ModelConfigs {

    private ModelConfigs() {}

    /// The configuration of a checkpoint. It counts the MTP blocks that the checkpoint holds, not those it
    /// announces.
    ///
    /// @throws ai.hadal.error.HadalException that names the file, the field, the value found and what is accepted
    public static ModelConfig of(Checkpoint checkpoint) {
        return of(checkpoint, null);
    }

    /// The configuration in a `config.json`, of a model whose weights are yet to be made: all announced MTP blocks
    /// count.
    ///
    /// @throws ai.hadal.error.HadalException as [#of(Checkpoint)]
    public static ModelConfig ofFile(Path file) {
        return ofJson(file, ConfigFile.read(file));
    }

    /// As [#ofFile], of a text.
    ///
    /// @param name of the text, for errors
    public static ModelConfig ofText(Path name, String text) {
        return ofJson(name, ConfigFile.parse(name, text));
    }

    private static ModelConfig ofJson(Path name, JsonNode root) {
        HuggingFaceConfig source = new HuggingFaceConfig(name, root, true);
        source.checkFixedSettings();
        return read(source, source.eosId());
    }

    /// The configuration of a checkpoint whose MTP block lies in a GGUF file of its own.
    ///
    /// @param mtpFile that file, null when there is none; only a GGUF checkpoint can have one
    public static ModelConfig of(Checkpoint checkpoint, @Nullable GgufCheckpoint mtpFile) {
        return switch (checkpoint) {
            case HuggingFaceCheckpoint huggingFace -> {
                HuggingFaceConfig source = new HuggingFaceConfig(huggingFace);
                source.checkFixedSettings();
                yield read(source, source.eosId());
            }
            case GgufCheckpoint gguf -> {
                GgufConfig source = new GgufConfig(gguf, mtpFile);
                source.checkFixedSettings();
                yield read(source, source.integer(ConfigField.EOS_ID));
            }
        };
    }

    private static ModelConfig read(ConfigSource source, int eosId) {
        int layers = source.layers();
        int mtpLayers = source.mtpLayers();
        ModelConfig config = new ModelConfig(
                source.integer(ConfigField.HIDDEN_SIZE),
                layers,
                mtpLayers,
                source.integer(ConfigField.HASH_LAYERS),
                Arrays.copyOf(source.compressRatios(), layers + mtpLayers),
                source.integer(ConfigField.HEADS),
                source.integer(ConfigField.HEAD_DIM),
                source.integer(ConfigField.ROPE_DIM),
                source.integer(ConfigField.Q_LORA_RANK),
                source.integer(ConfigField.O_GROUPS),
                source.integer(ConfigField.O_LORA_RANK),
                source.integer(ConfigField.SLIDING_WINDOW),
                source.integer(ConfigField.INDEX_HEADS),
                source.integer(ConfigField.INDEX_HEAD_DIM),
                source.integer(ConfigField.INDEX_TOP_K),
                source.integer(ConfigField.EXPERTS),
                source.integer(ConfigField.EXPERTS_PER_TOKEN),
                source.integer(ConfigField.EXPERT_WIDTH),
                (float) source.number(ConfigField.ROUTED_SCALE),
                source.swigluLimits(ConfigField.SWIGLU_LIMIT),
                source.swigluLimits(ConfigField.SHARED_SWIGLU_LIMIT),
                source.integer(ConfigField.HC_MULT),
                source.integer(ConfigField.SINKHORN_ITERATIONS),
                (float) source.number(ConfigField.HC_EPS),
                (float) source.number(ConfigField.RMS_NORM_EPS),
                source.number(ConfigField.ROPE_THETA),
                source.number(ConfigField.COMPRESS_ROPE_THETA),
                source.yarn(),
                source.vocabSize(),
                source.integer(ConfigField.MAX_POSITIONS),
                source.integer(ConfigField.BOS_ID),
                eosId);
        check(config, source);
        return config;
    }

    /// What holds between fields.
    private static void check(ModelConfig c, ConfigSource source) {
        if (c.hashLayers() > c.layers()) {
            throw source.wrong(ConfigField.HASH_LAYERS, c.hashLayers(), "at most the number of blocks " + c.layers());
        }
        for (int i = 0; i < c.compressRatios().length; i++) {
            int ratio = c.compressRatios()[i];
            if (ratio != 0 && ratio != 4 && ratio != 128) {
                throw source.wrong(ConfigField.COMPRESS_RATIOS, ratio + " for block " + i, "0, 4 or 128");
            }
            if (i >= c.layers() && ratio != 0) {
                throw source.wrong(ConfigField.COMPRESS_RATIOS, ratio + " for MTP block " + (i - c.layers()), "0");
            }
        }
        if (c.ropeDim() % 2 != 0 || c.ropeDim() >= c.headDim()) {
            throw source.wrong(
                    ConfigField.ROPE_DIM, c.ropeDim(), "an even number below the head's width " + c.headDim());
        }
        if ((c.headDim() - c.ropeDim()) % 64 != 0) {
            throw source.wrong(
                    ConfigField.HEAD_DIM,
                    c.headDim(),
                    "a multiple of 64 plus the " + c.ropeDim()
                            + " of rope, as FP8 key-value entries have groups of 64,");
        }
        if (c.heads() % c.oGroups() != 0) {
            throw source.wrong(ConfigField.O_GROUPS, c.oGroups(), "a divisor of the " + c.heads() + " heads");
        }
        if (Integer.bitCount(c.indexHeadDim()) != 1 || c.indexHeadDim() < c.ropeDim()) {
            throw source.wrong(
                    ConfigField.INDEX_HEAD_DIM,
                    c.indexHeadDim(),
                    "a power of two of at least 32 and the " + c.ropeDim() + " of rope");
        }
        if (c.expertsPerToken() > c.experts()) {
            throw source.wrong(
                    ConfigField.EXPERTS_PER_TOKEN, c.expertsPerToken(), "at most the number of experts " + c.experts());
        }
        checkId(ConfigField.BOS_ID, c.bosId(), c, source);
        checkId(ConfigField.EOS_ID, c.eosId(), c, source);
    }

    private static void checkId(ConfigField field, int id, ModelConfig c, ConfigSource source) {
        if (id >= c.vocabSize()) {
            throw source.wrong(field, id, "an id below the vocabulary's size " + c.vocabSize());
        }
    }
}
