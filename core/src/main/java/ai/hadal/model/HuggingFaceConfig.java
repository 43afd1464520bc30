package ai.hadal.model;

import ai.hadal.checkpoint.HuggingFaceCheckpoint;
import ai.hadal.error.HadalException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Reads `config.json`. Fields that the architecture does not use are ignored.
final class HuggingFaceConfig implements ConfigSource {

    private final Path file;
    private final JsonNode root;
    private final boolean holdsMtp;

    HuggingFaceConfig(HuggingFaceCheckpoint checkpoint) {
        this(checkpoint.configFile(), checkpoint.config(), HuggingFaceWeights.holdsMtp(checkpoint));
    }

    /// @param holdsMtp whether there are, or are to be, the MTP blocks that the configuration announces
    HuggingFaceConfig(Path file, JsonNode root, boolean holdsMtp) {
        this.file = file;
        this.root = root;
        this.holdsMtp = holdsMtp;
    }

    @Override
    public int integer(ConfigField field) {
        return integer(field, required(field));
    }

    private int integer(ConfigField field, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || !field.accepts(node.intValue())) {
            throw wrong(field, node, "an integer " + field.range());
        }
        return node.intValue();
    }

    @Override
    public double number(ConfigField field) {
        return number(field, required(field));
    }

    private double number(ConfigField field, JsonNode node) {
        if (!node.isNumber() || !field.accepts(node.doubleValue())) {
            throw wrong(field, node, "a number " + field.range());
        }
        return node.doubleValue();
    }

    @Override
    public int layers() {
        return integer(ConfigField.LAYERS);
    }

    @Override
    public int mtpLayers() {
        int announced = announcedMtpLayers();
        // Copies of a checkpoint are often stripped of their MTP block.
        return holdsMtp ? announced : 0;
    }

    private int announcedMtpLayers() {
        JsonNode node = get(ConfigField.MTP_LAYERS);
        return absent(node) ? 0 : integer(ConfigField.MTP_LAYERS, node);
    }

    @Override
    public int[] compressRatios() {
        JsonNode node = required(ConfigField.COMPRESS_RATIOS);
        int announced = announcedMtpLayers();
        int blocks = layers() + announced;
        if (!node.isArray() || node.size() != blocks) {
            throw wrong(
                    ConfigField.COMPRESS_RATIOS,
                    node.isArray() ? "an array of " + node.size() + " entries" : node,
                    "an array of " + blocks + " entries, one for each of " + layers() + " blocks and " + announced
                            + " MTP blocks,");
        }
        int[] ratios = new int[blocks];
        for (int i = 0; i < blocks; i++) {
            ratios[i] = integer(ConfigField.COMPRESS_RATIOS, node.get(i));
        }
        return ratios;
    }

    @Override
    public float[] swigluLimits(ConfigField field) {
        float[] limits = new float[layers() + mtpLayers()];
        Arrays.fill(limits, (float) number(field));
        return limits;
    }

    @Override
    public ModelConfig.Yarn yarn() {
        JsonNode scaling = root.path("rope_scaling");
        if (absent(scaling)) {
            return new ModelConfig.Yarn(1, integer(ConfigField.MAX_POSITIONS), 32, 1);
        }
        JsonNode type = scaling.has("type") ? scaling.path("type") : scaling.path("rope_type");
        if (!type.isString() || !type.stringValue().equals("yarn")) {
            throw wrong("rope_scaling.type", type, "\"yarn\"");
        }
        return new ModelConfig.Yarn(
                number(ConfigField.YARN_FACTOR),
                integer(ConfigField.YARN_ORIGINAL_POSITIONS),
                numberOr(ConfigField.YARN_BETA_FAST, 32),
                numberOr(ConfigField.YARN_BETA_SLOW, 1));
    }

    private double numberOr(ConfigField field, double otherwise) {
        JsonNode node = get(field);
        return absent(node) ? otherwise : number(field, node);
    }

    @Override
    public int vocabSize() {
        return integer(ConfigField.VOCAB_SIZE);
    }

    /// The first of several ids that end a reply.
    int eosId() {
        JsonNode node = required(ConfigField.EOS_ID);
        return integer(ConfigField.EOS_ID, node.isArray() && !node.isEmpty() ? node.get(0) : node);
    }

    @Override
    public void checkFixedSettings() {
        fixed("model_type", Set.of("deepseek_v4"), true);
        fixed("scoring_func", Set.of("sqrtsoftplus"), false);
        fixed("hidden_act", Set.of("silu"), false);
        JsonNode tied = root.path("tie_word_embeddings");
        if (!absent(tied) && !(tied.isBoolean() && !tied.booleanValue())) {
            throw wrong("tie_word_embeddings", tied, "false");
        }
        for (ConfigField one : new ConfigField[] {ConfigField.KV_HEADS, ConfigField.SHARED_EXPERTS}) {
            if (!absent(get(one))) {
                integer(one);
            }
        }
        JsonNode block = root.path("quantization_config").path("weight_block_size");
        if (!absent(block)
                && !(block.isArray()
                        && block.size() == 2
                        && block.get(0).asInt(0) == 128
                        && block.get(1).asInt(0) == 128)) {
            throw wrong("quantization_config.weight_block_size", block, "[128,128]");
        }
    }

    private void fixed(String name, Set<String> accepted, boolean required) {
        JsonNode node = root.path(name);
        if (absent(node) && !required) {
            return;
        }
        if (!node.isString() || !accepted.contains(node.stringValue())) {
            throw wrong(name, node, "\"" + String.join("\" or \"", accepted) + "\"");
        }
    }

    private JsonNode get(ConfigField field) {
        JsonNode node = root;
        for (String name : field.json().split("\\.", -1)) {
            node = node.path(name);
        }
        return node;
    }

    private JsonNode required(ConfigField field) {
        JsonNode node = get(field);
        if (absent(node)) {
            throw new HadalException(
                    file + " lacks " + field.json() + "; use the config.json of a DeepSeek-V4 checkpoint");
        }
        return node;
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    @Override
    public HadalException wrong(ConfigField field, Object found, String wanted) {
        return wrong(field.json(), found, wanted);
    }

    private HadalException wrong(String field, Object found, String wanted) {
        String text = found instanceof MissingNode ? "absent" : found.toString();
        String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return new HadalException(file + ": " + field + " is " + shown + " where " + wanted
                + " is needed; use the config.json of a DeepSeek-V4 checkpoint");
    }
}
