package ai.hadal.train.tokenizer;

import ai.hadal.tokenizer.ByteAlphabet;
import ai.hadal.tokenizer.PreTokenizer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A vocabulary as tokenizer.json. The ids: control tokens, bytes in the order of their symbols, merged symbols in
/// the order they were learnt, and the names of the protocol.
final class TokenizerFile {

    private static final int BYTES = 256;

    private final Merges merges;
    private final ObjectNode root = JsonNodeFactory.instance.objectNode();

    private TokenizerFile(Merges merges) {
        this.merges = merges;
    }

    static void write(Merges merges, OutputStream out) throws IOException {
        var file = new TokenizerFile(merges);
        file.fill();
        var buffered = new BufferedOutputStream(out);
        buffered.write(file.root.toString().getBytes(StandardCharsets.UTF_8));
        buffered.flush();
    }

    private void fill() {
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (String token : AddedTokens.CONTROL) {
            added(added, added.size(), token, true);
        }
        for (int i = 0; i < AddedTokens.PROTOCOL.size(); i++) {
            added(added, AddedTokens.CONTROL.size() + merges.size() + i, AddedTokens.PROTOCOL.get(i), false);
        }
        root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        preTokenizer(root.putObject("pre_tokenizer"));
        byteLevel(root.putObject("post_processor"), true, false, true);
        byteLevel(root.putObject("decoder"), true, true, true);
        model(root.putObject("model"));
    }

    private static void added(ArrayNode tokens, int id, String content, boolean control) {
        tokens.addObject()
                .put("id", id)
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", !control)
                .put("special", control);
    }

    private static void preTokenizer(ObjectNode sequence) {
        ArrayNode steps = sequence.put("type", "Sequence").putArray("pretokenizers");
        for (String pattern : PreTokenizer.PATTERNS) {
            ObjectNode split = steps.addObject().put("type", "Split");
            split.putObject("pattern").put("Regex", pattern);
            split.put("behavior", "Isolated").put("invert", false);
        }
        byteLevel(steps.addObject(), false, true, false);
    }

    private static void byteLevel(ObjectNode node, boolean prefix, boolean trim, boolean regex) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", prefix)
                .put("trim_offsets", trim)
                .put("use_regex", regex);
    }

    private void model(ObjectNode model) {
        model.put("type", "BPE")
                .putNull("dropout")
                .putNull("unk_token")
                .putNull("continuing_subword_prefix")
                .putNull("end_of_word_suffix")
                .put("fuse_unk", false)
                .put("byte_fallback", false);
        ObjectNode vocabulary = model.putObject("vocab");
        AddedTokens.CONTROL.forEach(token -> vocabulary.put(token, vocabulary.size()));
        IntStream.range(0, BYTES)
                .mapToObj(this::spelling)
                .sorted()
                .forEach(symbol -> vocabulary.put(symbol, vocabulary.size()));
        for (int symbol = BYTES; symbol < merges.size(); symbol++) {
            vocabulary.put(spelling(symbol), vocabulary.size());
        }
        ArrayNode pairs = model.putArray("merges");
        merges.merges().forEach(merge -> pairs.add(spelling(merge.left()) + ' ' + spelling(merge.right())));
    }

    private String spelling(int symbol) {
        var spelling = new StringBuilder();
        for (byte b : merges.symbol(symbol)) {
            spelling.append(ByteAlphabet.symbol(b & 0xff));
        }
        return spelling.toString();
    }
}
