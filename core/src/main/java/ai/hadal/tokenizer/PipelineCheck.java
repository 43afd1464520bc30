package ai.hadal.tokenizer;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Checks that all that a tokenizer.json says about its steps, besides the vocabulary, is what this package does: no
/// normalizer, DeepSeek's pre-tokenizer, plain BPE, the byte-level decoder. The post-processor is not read: it only
/// adds tokens on request and adjusts offsets.
final class PipelineCheck {

    private static final Set<String> MODEL_LISTS = Set.of("vocab", "merges");

    private final Place place;

    private PipelineCheck(Place place) {
        this.place = place;
    }

    static void check(Place place, JsonNode root, JsonNode model) {
        var check = new PipelineCheck(place);
        check.none("truncation", root.path("truncation"));
        check.none("padding", root.path("padding"));
        check.model(root, model);
        check.normalizer(root.path("normalizer"));
        check.preTokenizer(root.path("pre_tokenizer"));
        check.type("decoder", root.path("decoder"), "ByteLevel");
    }

    private void model(JsonNode root, JsonNode model) {
        if (!root.has("model")) {
            throw place.fault("model", "it is missing");
        }
        type("model", model, "BPE");
        for (String list : MODEL_LISTS) {
            if (!model.has(list)) {
                throw place.fault("model." + list, "it is missing");
            }
        }
        none("model.dropout", model.path("dropout"));
        none("model.continuing_subword_prefix", model.path("continuing_subword_prefix"));
        none("model.end_of_word_suffix", model.path("end_of_word_suffix"));
        none("model.ignore_merges", model.path("ignore_merges"));
    }

    private void normalizer(JsonNode normalizer) {
        if (isNone(normalizer)) {
            return;
        }
        type("normalizer", normalizer, "Sequence");
        JsonNode steps = normalizer.path("normalizers");
        if (!steps.isArray() || !steps.isEmpty()) {
            throw place.fault("normalizer.normalizers", "only an empty list is supported");
        }
    }

    private void preTokenizer(JsonNode preTokenizer) {
        type("pre_tokenizer", preTokenizer, "Sequence");
        JsonNode steps = preTokenizer.path("pretokenizers");
        List<String> patterns = PreTokenizer.PATTERNS;
        if (!steps.isArray() || steps.size() != patterns.size() + 1) {
            throw place.fault("pre_tokenizer.pretokenizers", "it is not DeepSeek's list of three Splits and ByteLevel");
        }
        for (int i = 0; i < patterns.size(); i++) {
            String field = "pre_tokenizer.pretokenizers[" + i + "]";
            JsonNode split = steps.path(i);
            type(field, split, "Split");
            if (!split.path("pattern").path("Regex").asString("").equals(patterns.get(i))) {
                throw place.fault(field + ".pattern.Regex", "it is not the expression of DeepSeek's pre-tokenizer");
            }
            text(field + ".behavior", split.path("behavior"), "Isolated");
            no(field + ".invert", split.path("invert"));
        }
        String field = "pre_tokenizer.pretokenizers[" + patterns.size() + "]";
        JsonNode byteLevel = steps.path(patterns.size());
        type(field, byteLevel, "ByteLevel");
        no(field + ".add_prefix_space", byteLevel.path("add_prefix_space"));
        no(field + ".use_regex", byteLevel.path("use_regex"));
    }

    private void type(String field, JsonNode node, String expected) {
        text(field + ".type", node.path("type"), expected);
    }

    private void text(String field, JsonNode node, String expected) {
        if (!node.isString()) {
            throw place.fault(field, "it is missing or not a text");
        }
        if (!node.stringValue().equals(expected)) {
            throw place.fault(
                    field, Place.quote(node.stringValue()) + " is not supported, only " + Place.quote(expected));
        }
    }

    private void no(String field, JsonNode node) {
        if (!node.isBoolean() || node.booleanValue()) {
            throw place.fault(field, "only false is supported");
        }
    }

    private void none(String field, JsonNode node) {
        if (!isNone(node)) {
            throw place.fault(field, "only null is supported");
        }
    }

    /// Absent, null, false, zero or an empty text: all of them say "nothing".
    private static boolean isNone(JsonNode node) {
        return node.isMissingNode()
                || node.isNull()
                || (node.isBoolean() && !node.booleanValue())
                || (node.isNumber() && node.doubleValue() == 0)
                || (node.isString() && node.stringValue().isEmpty());
    }
}
