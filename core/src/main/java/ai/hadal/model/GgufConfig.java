package ai.hadal.model;

import ai.hadal.checkpoint.GgufCheckpoint;
import ai.hadal.checkpoint.GgufMetadata;
import ai.hadal.error.HadalException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the metadata of a GGUF file of the architecture `deepseek4`.
final class GgufConfig implements ConfigSource {

    private static final String ARCHITECTURE = "deepseek4";
    private static final long SQRT_SOFTPLUS = 4;

    private final GgufMetadata metadata;
    private final GgufCheckpoint checkpoint;
    private final @Nullable GgufCheckpoint mtpFile;

    GgufConfig(GgufCheckpoint checkpoint, @Nullable GgufCheckpoint mtpFile) {
        this.checkpoint = checkpoint;
        this.metadata = checkpoint.metadata();
        this.mtpFile = mtpFile;
    }

    @Override
    public int integer(ConfigField field) {
        String key = field.gguf();
        if (!metadata.isArray(key)) {
            return checked(field, metadata.integer(key));
        }
        // Some converters write one value per block; the architecture has one for all.
        long[] values = metadata.integers(key);
        if (values.length == 0 || Arrays.stream(values).distinct().count() != 1) {
            throw wrong(field, Arrays.toString(Arrays.copyOf(values, Math.min(8, values.length))), "one value");
        }
        return checked(field, values[0]);
    }

    private int checked(ConfigField field, long value) {
        if (!field.accepts((double) value)) {
            throw wrong(field, value, "an integer " + field.range());
        }
        return (int) value;
    }

    @Override
    public double number(ConfigField field) {
        return checked(field, metadata.number(field.gguf()));
    }

    private double checked(ConfigField field, double value) {
        if (!field.accepts(value)) {
            throw wrong(field, value, "a number " + field.range());
        }
        return value;
    }

    private int integer(ConfigField field, int otherwise) {
        return metadata.has(field.gguf()) ? integer(field) : otherwise;
    }

    private double number(ConfigField field, double otherwise) {
        return metadata.has(field.gguf()) ? number(field) : otherwise;
    }

    /// All blocks of the file less the MTP blocks among them.
    @Override
    public int layers() {
        int layers = integer(ConfigField.LAYERS) - mtpBlocksInFile();
        if (layers < 1) {
            throw wrong(ConfigField.LAYERS, integer(ConfigField.LAYERS), "more blocks than those of MTP");
        }
        return layers;
    }

    /// The announced MTP blocks, when the file holds the first of them.
    private int mtpBlocksInFile() {
        int announced = integer(ConfigField.MTP_LAYERS, 0);
        int first = integer(ConfigField.LAYERS) - announced;
        return announced > 0 && GgufNames.holds(checkpoint, GgufNames.ehProj(first)) ? announced : 0;
    }

    @Override
    public int mtpLayers() {
        int inFile = mtpBlocksInFile();
        if (inFile > 0) {
            return inFile;
        }
        return GgufNames.separateMtpBlocks(mtpFile == null ? checkpoint : mtpFile, layers());
    }

    @Override
    public int[] compressRatios() {
        long[] values = metadata.integers(ConfigField.COMPRESS_RATIOS.gguf());
        int blocks = integer(ConfigField.LAYERS);
        if (values.length < blocks) {
            throw wrong(
                    ConfigField.COMPRESS_RATIOS,
                    "an array of " + values.length + " entries",
                    "one for each of " + blocks + " blocks");
        }
        // An MTP block from elsewhere may lack its entry; such a block attends to its window only.
        int[] ratios = new int[Math.max(values.length, layers() + mtpLayers())];
        for (int i = 0; i < values.length; i++) {
            ratios[i] = checked(ConfigField.COMPRESS_RATIOS, values[i]);
        }
        return ratios;
    }

    @Override
    public float[] swigluLimits(ConfigField field) {
        // The shared expert's clamp is the routed ones' unless it is given.
        ConfigField from = metadata.has(field.gguf()) ? field : ConfigField.SWIGLU_LIMIT;
        float[] limits = new float[layers() + mtpLayers()];
        if (!metadata.isArray(from.gguf())) {
            Arrays.fill(limits, (float) number(from));
            return limits;
        }
        float[] values = metadata.floats(from.gguf());
        int blocks = integer(ConfigField.LAYERS);
        if (values.length != blocks) {
            throw wrong(
                    from,
                    "an array of " + values.length + " entries",
                    "a number or one for each of " + blocks + " blocks");
        }
        for (int i = 0; i < limits.length; i++) {
            limits[i] = (float) checked(from, values[Math.min(i, blocks - 1)]);
        }
        return limits;
    }

    @Override
    public ModelConfig.Yarn yarn() {
        String type = metadata.string("deepseek4.rope.scaling.type", "none");
        if (type.equals("none")) {
            return new ModelConfig.Yarn(1, integer(ConfigField.MAX_POSITIONS), 32, 1);
        }
        if (!type.equals("yarn")) {
            throw wrong("deepseek4.rope.scaling.type", type, "yarn or none");
        }
        return new ModelConfig.Yarn(
                number(ConfigField.YARN_FACTOR),
                integer(ConfigField.YARN_ORIGINAL_POSITIONS),
                number(ConfigField.YARN_BETA_FAST, 32),
                number(ConfigField.YARN_BETA_SLOW, 1));
    }

    @Override
    public int vocabSize() {
        if (metadata.has(ConfigField.VOCAB_SIZE.gguf())) {
            return integer(ConfigField.VOCAB_SIZE);
        }
        return checked(ConfigField.VOCAB_SIZE, metadata.count("tokenizer.ggml.tokens"));
    }

    @Override
    public void checkFixedSettings() {
        String architecture = metadata.string("general.architecture");
        if (!architecture.equals(ARCHITECTURE)) {
            throw wrong("general.architecture", architecture, ARCHITECTURE);
        }
        integer(ConfigField.KV_HEADS);
        integer(ConfigField.SHARED_EXPERTS);
        if (integer(ConfigField.VALUE_DIM, integer(ConfigField.HEAD_DIM)) != integer(ConfigField.HEAD_DIM)) {
            throw wrong(
                    ConfigField.VALUE_DIM,
                    integer(ConfigField.VALUE_DIM),
                    "the key length " + integer(ConfigField.HEAD_DIM));
        }
        long gating = metadata.integer("deepseek4.expert_gating_func", SQRT_SOFTPLUS);
        if (gating != SQRT_SOFTPLUS) {
            throw wrong("deepseek4.expert_gating_func", gating, SQRT_SOFTPLUS + " (sqrt of softplus)");
        }
        if (!metadata.bool("deepseek4.expert_weights_norm", true)) {
            throw wrong("deepseek4.expert_weights_norm", "false", "true");
        }
        long groups = metadata.integer("deepseek4.expert_group_count", 0);
        if (groups > 1) {
            throw wrong("deepseek4.expert_group_count", groups, "0, no groups of experts,");
        }
    }

    @Override
    public HadalException wrong(ConfigField field, Object found, String wanted) {
        return wrong(field.gguf(), found, wanted);
    }

    private HadalException wrong(String key, Object found, String wanted) {
        // A string of the file may hold anything; a message is one line.
        String shown = found.toString().replaceAll("\\p{Cntrl}", "?");
        return new HadalException(metadata.file() + ": metadata " + key + " is " + shown + " where " + wanted
                + " is needed; use a file converted for DeepSeek-V4");
    }
}
