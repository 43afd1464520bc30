package ai.hadal.tokenizer;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A vocabulary as the text of a tokenizer.json; the reverse of [TokenizerJson].
final class TokenizerJsonWriter {

    private final Definition definition;
    private final ObjectNode root = JsonMapper.shared().createObjectNode();

    private TokenizerJsonWriter(Definition definition) {
        this.definition = definition;
    }

    static String write(Definition definition) {
        var writer = new TokenizerJsonWriter(definition);
        writer.root.put("version", "1.0").putNull("truncation").putNull("padding");
        writer.addedTokens();
        writer.pipeline();
        writer.model();
        return writer.root.toString();
    }

    /// Unused ids at the end only fill the model's rows; within the others they must be something.
    private int size() {
        int size = definition.tokens().length;
        while (size > 0 && definition.is(size - 1, Definition.UNUSED)) {
            size--;
        }
        return size;
    }

    private boolean isAdded(int id) {
        return definition.is(id, Definition.ADDED) || definition.is(id, Definition.UNUSED);
    }

    private void addedTokens() {
        var added = root.putArray("added_tokens");
        for (int id = 0; id < size(); id++) {
            if (isAdded(id)) {
                added.addObject()
                        .put("id", id)
                        .put("content", definition.tokens()[id])
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", definition.is(id, Definition.NORMALIZED))
                        .put("special", !definition.is(id, Definition.NORMALIZED));
            }
        }
    }

    private void pipeline() {
        root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        var steps = root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        for (String pattern : PreTokenizer.PATTERNS) {
            var split = steps.addObject().put("type", "Split");
            split.putObject("pattern").put("Regex", pattern);
            split.put("behavior", "Isolated").put("invert", false);
        }
        byteLevel(steps.addObject(), false, false);
        byteLevel(root.putObject("post_processor"), true, true);
        byteLevel(root.putObject("decoder"), true, true);
    }

    private static void byteLevel(ObjectNode node, boolean prefixSpace, boolean regex) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", prefixSpace)
                .put("trim_offsets", true)
                .put("use_regex", regex);
    }

    private void model() {
        var model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false);
        var vocab = model.putObject("vocab");
        for (int id = 0; id < size(); id++) {
            if (!isAdded(id)) {
                vocab.put(definition.tokens()[id], id);
            }
        }
        definition.merges().forEach(model.putArray("merges")::add);
    }
}
