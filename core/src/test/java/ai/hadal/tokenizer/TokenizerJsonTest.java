package ai.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class TokenizerJsonTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    /// The added tokens and the pre-tokenizer fill the nano file up to about here.
    private static final int MODEL_AT = 3200;

    @TempDir
    private Path dir;

    @Test
    void readsADirectoryThatHoldsTheFile() throws IOException {
        Files.copy(Golden.NANO, dir.resolve("tokenizer.json"));
        assertThat(Tokenizer.fromJson(dir).size()).isEqualTo(2048);
    }

    @Test
    void readsMergesWrittenAsPairs() {
        var tokenizer = load(tree -> {
            ArrayNode merges = merges(tree);
            for (int i = 0; i < merges.size(); i++) {
                String[] pair = merges.get(i).stringValue().split(" ");
                merges.set(i, MAPPER.createArrayNode().add(pair[0]).add(pair[1]));
            }
        });
        assertThat(tokenizer.encode(" the tokenizer"))
                .isEqualTo(Tokenizer.fromJson(Golden.NANO).encode(" the tokenizer"));
    }

    @Test
    void readsTheFieldsInAnyOrderAndIgnoresThoseItDoesNotNeed() {
        var tokenizer = load(tree -> {
            ObjectNode model = (ObjectNode) tree.remove("model");
            model.set("vocab", model.remove("vocab"));
            tree.set("model", model);
            tree.remove("post_processor");
            tree.putNull("normalizer");
            tree.putObject("remark").putArray("nested").addObject();
        });
        assertThat(tokenizer.encode(" the"))
                .isEqualTo(Tokenizer.fromJson(Golden.NANO).encode(" the"));
    }

    @Test
    void padsWithTheEndTokenWhereThereIsNoPaddingToken() {
        var tokenizer = load(tree -> {
            ((ObjectNode) tree.at("/added_tokens/2")).put("content", "<｜pad｜>");
            vocab(tree).remove("<｜▁pad▁｜>");
            vocab(tree).put("<｜pad｜>", 2);
        });
        assertThat(tokenizer.padId()).isEqualTo(1);
    }

    @Test
    void aMissingFileIsNamed() {
        refused(dir.resolve("nowhere.json"), "does not exist");
        refused(dir, "tokenizer.json does not exist");
    }

    @Test
    void whatIsNotAFileIsRefused() throws IOException {
        Files.createDirectory(dir.resolve("tokenizer.json"));
        refused(dir, "tokenizer.json is not a file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "''~is empty",
                "' \n'~is empty",
                "'{'~is not valid JSON",
                "'{\"version\": 1,}'~is not valid JSON",
                "'\uFEFF{}'~is not valid JSON",
                "'[]'~field the root: it is not an object",
                "'null'~field the root: it is not an object",
                "'{}'~field model: it is missing",
                "'{} {}'~goes on after the end",
                "'{\"model\": 1}'~field model: it is not an object",
                "'{\"model\": {\"vocab\": []}}'~field model.vocab: it is not an object",
                "'{\"model\": {\"vocab\": {\"a\": \"b\"}}}'~is not an integer",
                "'{\"model\": {\"vocab\": {\"a\": 4294967296}}}'~is not an integer",
                "'{\"model\": {\"merges\": {}}}'~field model.merges: it is not an array",
                "'{\"model\": {\"merges\": [\"a b\", 1]}}'~model.merges[1]: it is neither",
                "'{\"model\": {\"merges\": [[\"a\"]]}}'~model.merges[0]: it is neither",
                "'{\"model\": {\"merges\": [[\"a\", \"b\", \"c\"]]}}'~more than a pair",
                "'{\"model\": {}, \"model\": {}}'~occurs twice"
            })
    void aFileThatIsNoTokenizerIsRefused(String text, String cause) throws IOException {
        refused(Files.writeString(dir.resolve("bad.json"), text), cause);
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        refused(Files.writeString(dir.resolve("deep.json"), "{\"a\":" + "[".repeat(1 << 20)), "is not valid JSON");
    }

    @Test
    void aFileThatIsNotUtf8IsRefused() throws IOException {
        for (var charset : new Charset[] {StandardCharsets.UTF_16, StandardCharsets.ISO_8859_1}) {
            Path file = dir.resolve("bad.json");
            Files.write(file, "{\"é\": 1}".getBytes(charset));
            refused(file, "is not UTF-8");
        }
    }

    @Test
    void anEnormousFileIsRefusedUnread() throws IOException {
        Path file = dir.resolve("big.json");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }
        refused(file, "too many");
    }

    @ParameterizedTest
    @CsvSource({
        "/truncation, '{}', truncation",
        "/padding, '{}', padding",
        "/normalizer, '{\"type\": \"NFC\"}', normalizer.type",
        "/normalizer/normalizers, '[{\"type\": \"NFC\"}]', normalizer.normalizers",
        "/pre_tokenizer, null, pre_tokenizer.type",
        "/pre_tokenizer/type, '\"Split\"', pre_tokenizer.type",
        "/pre_tokenizer/pretokenizers, '[]', pre_tokenizer.pretokenizers",
        "/pre_tokenizer/pretokenizers/0/type, '\"Digits\"', pre_tokenizer.pretokenizers[0].type",
        "/pre_tokenizer/pretokenizers/0/pattern, '{\"String\": \" \"}', pre_tokenizer.pretokenizers[0].pattern.Regex",
        "/pre_tokenizer/pretokenizers/2/pattern/Regex, '\"x+\"', pre_tokenizer.pretokenizers[2].pattern.Regex",
        "/pre_tokenizer/pretokenizers/1/behavior, '\"Removed\"', pre_tokenizer.pretokenizers[1].behavior",
        "/pre_tokenizer/pretokenizers/1/invert, true, pre_tokenizer.pretokenizers[1].invert",
        "/pre_tokenizer/pretokenizers/3/use_regex, true, pre_tokenizer.pretokenizers[3].use_regex",
        "/pre_tokenizer/pretokenizers/3/add_prefix_space, true, pre_tokenizer.pretokenizers[3].add_prefix_space",
        "/decoder/type, '\"WordPiece\"', decoder.type",
        "/model/type, '\"Unigram\"', model.type",
        "/model/dropout, 0.1, model.dropout",
        "/model/ignore_merges, true, model.ignore_merges",
        "/model/continuing_subword_prefix, '\"##\"', model.continuing_subword_prefix",
        "/model/end_of_word_suffix, '\"</w>\"', model.end_of_word_suffix",
        "/added_tokens, null, added_tokens",
        "/added_tokens, '[]', added_tokens",
        "/added_tokens/0, 7, added_tokens[0].id",
        "/added_tokens/3/id, '\"x\"', added_tokens[3].id",
        "/added_tokens/3/id, -1, added_tokens[3]",
        "/added_tokens/3/id, 2147483647, added_tokens[3]",
        "/added_tokens/3/id, 18, added_tokens[3]",
        "/added_tokens/3/id, 2049, model.vocab",
        "/added_tokens/3/content, '\"\"', added_tokens[3].content",
        "/added_tokens/3/content, '\"<think>\"', model.vocab",
        "/added_tokens/3/single_word, true, added_tokens[3].single_word",
        "/added_tokens/3/lstrip, true, added_tokens[3].lstrip",
        "/added_tokens/3/rstrip, true, added_tokens[3].rstrip",
        "/added_tokens/3/special, 1, added_tokens[3].special",
        "/added_tokens/3/normalized, null, added_tokens[3].normalized",
        "/model/vocab/0, 19, model.vocab",
        "/model/vocab/0, 2147483647, model.vocab",
        "/model/merges/5, '\"x\"', model.merges[5]",
        "/model/merges/5, '\"世 界\"', model.merges[5]"
    })
    void whatTheRoomDoesNotDoIsRefusedByField(String pointer, String value, String field) throws IOException {
        ObjectNode tree = TestVocabularies.nanoTree();
        int slash = pointer.lastIndexOf('/');
        String name = pointer.substring(slash + 1);
        var parent = slash == 0 ? tree : tree.at(pointer.substring(0, slash));
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(name), MAPPER.readTree(value));
        } else {
            ((ObjectNode) parent).set(name, MAPPER.readTree(value));
        }
        refused(write(tree), ", field " + field + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vocab", "merges"})
    void bothListsOfTheModelMustBeThere(String list) throws IOException {
        ObjectNode tree = TestVocabularies.nanoTree();
        ((ObjectNode) tree.get("model")).remove(list);
        refused(write(tree), "field model." + list + ": it is missing");
    }

    /// Damage of every kind: what still loads must work, all else is a sentence.
    @Test
    void damagedFilesNeverGiveAnythingButATokenizerOrASentence() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.NANO);
        var random = new Random(20260101);
        int refusals = 0;
        for (int round = 0; round < 400; round++) {
            byte[] bytes;
            if (round % 4 == 0) {
                bytes = Arrays.copyOf(whole, random.nextInt(whole.length));
            } else {
                bytes = whole.clone();
                // Hardly a flip among the vocabulary and merges leaves a tokenizer; before them some do.
                int end = random.nextBoolean() ? bytes.length : MODEL_AT;
                for (int flips = round % 4; flips > 0; flips--) {
                    bytes[random.nextInt(end)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            Path file = Files.write(dir.resolve("damaged.json"), bytes);
            Tokenizer tokenizer;
            try {
                tokenizer = Tokenizer.fromJson(file);
            } catch (HadalException e) {
                assertThat(e).message().contains("damaged.json").endsWith(".").hasLineCount(1);
                refusals++;
                continue;
            }
            String text = " the 123 中文 <think>🦀";
            assertThat(tokenizer.decode(tokenizer.encodeOrdinary(text))).isEqualTo(text);
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        }
        assertThat(refusals).isBetween(300, 399);
    }

    private Tokenizer load(Consumer<ObjectNode> change) {
        ObjectNode tree = TestVocabularies.nanoTree();
        change.accept(tree);
        try {
            return Tokenizer.fromJson(write(tree));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path write(ObjectNode tree) throws IOException {
        return Files.writeString(dir.resolve("changed.json"), MAPPER.writeValueAsString(tree));
    }

    private static void refused(Path file, String cause) {
        assertThatThrownBy(() -> Tokenizer.fromJson(file))
                .isInstanceOf(HadalException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(cause)
                .hasMessageEndingWith(".")
                .message()
                .hasLineCount(1);
    }

    private static ObjectNode vocab(ObjectNode tree) {
        return (ObjectNode) tree.at("/model/vocab");
    }

    private static ArrayNode merges(ObjectNode tree) {
        return (ArrayNode) tree.at("/model/merges");
    }
}
