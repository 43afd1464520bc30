package ai.hadal.tokenizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Vocabularies for the tests: small ones made of merges, and the nano one in both file formats.
final class TestVocabularies {

    static final int NORMAL = 1;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;

    private TestVocabularies() {}

    /// The 256 bytes, all that the merges name or yield, and a begin and end token.
    static Definition definition(List<String> merges) {
        return vocabulary(merges, List.of(), List.of()).definition();
    }

    static Vocabulary vocabulary(List<String> merges, List<String> control, List<String> userDefined) {
        var tokens = new LinkedHashSet<String>();
        for (int b = 0; b < 256; b++) {
            tokens.add(String.valueOf(ByteAlphabet.symbol(b)));
        }
        for (String merge : merges) {
            tokens.addAll(List.of(merge.split(" ")));
            tokens.add(merge.replace(" ", ""));
        }
        int normal = tokens.size();
        tokens.add("<bos>");
        tokens.add("<eos>");
        tokens.addAll(control);
        int added = tokens.size();
        tokens.addAll(userDefined);
        var types = new int[tokens.size()];
        for (int id = 0; id < types.length; id++) {
            types[id] = id < normal ? NORMAL : id < added ? CONTROL : USER_DEFINED;
        }
        return new Vocabulary("test.gguf", List.copyOf(tokens), types, merges, "joyai-llm", normal, normal + 1, -1);
    }

    static String nanoText() {
        try {
            return Files.readString(Golden.NANO);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode nanoTree() {
        return (ObjectNode) new JsonMapper().readTree(nanoText());
    }

    static List<String> nanoMerges() {
        return nanoTree()
                .at("/model/merges")
                .valueStream()
                .map(JsonNode::stringValue)
                .toList();
    }

    static Set<Integer> nanoAddedIds() {
        return nanoTree()
                .get("added_tokens")
                .valueStream()
                .map(added -> added.get("id").intValue())
                .collect(Collectors.toSet());
    }

    /// The nano vocabulary as a GGUF file would carry it.
    static Vocabulary nanoVocabulary() {
        JsonNode tree = nanoTree();
        var tokens = new ArrayList<String>();
        tree.at("/model/vocab").properties().stream()
                .sorted((a, b) ->
                        Integer.compare(a.getValue().intValue(), b.getValue().intValue()))
                .forEach(entry -> tokens.add(entry.getKey()));
        for (JsonNode added : tree.get("added_tokens")) {
            if (added.get("id").intValue() == tokens.size()) {
                tokens.add(added.get("content").stringValue());
            }
        }
        var types = new int[tokens.size()];
        Arrays.fill(types, NORMAL);
        for (JsonNode added : tree.get("added_tokens")) {
            types[added.get("id").intValue()] = added.get("special").booleanValue() ? CONTROL : USER_DEFINED;
        }
        return new Vocabulary("nano.gguf", tokens, types, nanoMerges(), "deepseek-v3", 0, 1, 2);
    }
}
