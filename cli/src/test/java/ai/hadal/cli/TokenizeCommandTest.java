package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.hadal.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenizeCommandTest {

    private static final Tokenizer SMALL = Tokenizer.fromJson(Hadal.TOKENIZER);

    private static List<JsonNode> lines(String json) {
        List<JsonNode> nodes = new ArrayList<>();
        json.lines().forEach(line -> nodes.add(JsonMapper.shared().readTree(line)));
        return nodes;
    }

    private static void assertGolden(Path cases, Path tokenizer) throws Exception {
        String input = Files.readString(cases);
        var run = Hadal.runWith(input, "tokenize", "--jsonl", "--tokenizer", tokenizer);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(lines(run.out()).stream().map(line -> line.get("ids")).toList())
                .isNotEmpty()
                .isEqualTo(lines(input).stream().map(line -> line.get("ids")).toList());
    }

    @Test
    void jsonLinesOfTextBecomeJsonLinesOfIds() throws Exception {
        assertGolden(Hadal.resource("tokenizer/golden_2048.jsonl"), Hadal.TOKENIZER);
    }

    @Test
    void theOfficialTokenizerGivesTheOfficialIds() throws Exception {
        var cases = Hadal.shared("tokenizer/cases.jsonl");
        assumeTrue(cases.isPresent(), "no golden data beside the repository");
        assertGolden(
                cases.get(),
                cases.get().resolve("../../../tokenizer/tokenizer.json").normalize());
    }

    @Test
    void loneSurrogatesReachTheTokenizer() {
        var run = Hadal.runWith("{\"text\":\"a\\ud83dz\"}\n", "tokenize", "--jsonl", "--tokenizer", Hadal.TOKENIZER);
        assertThat(run.json()
                        .get("ids")
                        .valueStream()
                        .mapToInt(JsonNode::intValue)
                        .toArray())
                .isEqualTo(SMALL.encode("a\ud83dz"))
                .isEqualTo(SMALL.encode("a\ufffdz"));
    }

    @Test
    void decodingIsTheOtherWayRound() {
        int[] ids = SMALL.encode("The sea is deep.\n");
        var encoded = Hadal.run("tokenize", "--tokenizer", Hadal.TOKENIZER, "--json", "The sea is deep.\n");
        assertThat(encoded.json().get("count").intValue()).isEqualTo(ids.length);
        assertThat(encoded.json().get("pieces").get(0).stringValue()).isEqualTo(SMALL.token(ids[0]));
        var line = Hadal.runWith(encoded.out(), "tokenize", "--jsonl", "--decode", "--tokenizer", Hadal.TOKENIZER);
        assertThat(line.json().get("text").stringValue()).isEqualTo("The sea is deep.\n");
        String list = encoded.json().get("ids").toString();
        assertThat(Hadal.run("tokenize", "--tokenizer", Hadal.TOKENIZER, "--decode", list)
                        .out())
                .isEqualTo("The sea is deep.\n" + System.lineSeparator());
    }

    @Test
    void peopleSeeIdsAndPieces() {
        var run = Hadal.runWith("a\n", "tokenize", "--tokenizer", Hadal.TOKENIZER);
        int[] ids = SMALL.encode("a\n");
        assertThat(ids).hasSize(2);
        assertThat(run.out().lines().map(String::strip))
                .containsExactly(ids[0] + "  \"a\"", ids[1] + "  \"\\n\"", "2 tokens");
    }

    @Test
    void namesOfControlTokensAreSpecialUnlessOrdinary() {
        String name = SMALL.token(SMALL.bosId());
        var special = Hadal.run("tokenize", "--tokenizer", Hadal.TOKENIZER, "--json", name);
        assertThat(special.json().get("ids").toString()).isEqualTo("[" + SMALL.bosId() + "]");
        var ordinary = Hadal.run("tokenize", "--tokenizer", Hadal.TOKENIZER, "--json", "--ordinary", name);
        assertThat(ordinary.json()
                        .get("ids")
                        .valueStream()
                        .mapToInt(JsonNode::intValue)
                        .toArray())
                .isEqualTo(SMALL.encodeOrdinary(name))
                .doesNotContain(SMALL.bosId());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"text\":        | line 2 of the input: it is not valid JSON",
                "{\"texts\":\"a\"} | line 2 of the input: it has no string `text`",
                "{\"text\":[1]}    | line 2 of the input: it has no string `text`",
                "7                 | line 2 of the input: it has no string `text`",
            })
    void aWrongLineIsNamed(String line, String sentence) {
        var run = Hadal.runWith(
                "{\"text\":\"a\"}\n" + line + "\n", "tokenize", "--jsonl", "--tokenizer", Hadal.TOKENIZER);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out().lines()).hasSize(1);
        assertThat(run.err().lines()).singleElement().asString().startsWith("hadal: " + sentence);
    }

    @Test
    void inputThatIsNotUtf8IsRefused() {
        var run = Hadal.runWith(
                new byte[] {'{', (byte) 0xff, '}'}, "tokenize", "--jsonl", "--tokenizer", Hadal.TOKENIZER);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("hadal: standard input cannot be read as UTF-8");
    }

    @Test
    void aModelWithoutATokenizerIsSaidToHaveNone() {
        var run = Hadal.run("tokenize", "-m", Hadal.FLASH, "hello");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(Hadal.FLASH.resolve("tokenizer.json").toString(), "does not exist");
    }
}
