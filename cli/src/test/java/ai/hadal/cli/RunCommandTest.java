package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `hadal run` with standard input and output in pipes.
class RunCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final InputStream input = System.in;
    private final String home = System.getProperty("hadal.home");

    @BeforeEach
    void emptyInput() {
        pipe("");
    }

    @AfterEach
    void restore() {
        System.setIn(input);
        if (home == null) {
            System.clearProperty("hadal.home");
        }
    }

    private static void pipe(String text) {
        System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private int run(String... arguments) {
        var all = new ArrayList<>(List.of("run"));
        all.addAll(List.of(arguments));
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    /// Runs with the random model, few tokens and a seed.
    private int answer(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-m", TinyRandom.folder().toString(), "--seed", "1"));
        return brief(all);
    }

    private int brief(List<String> arguments) {
        var all = new ArrayList<>(arguments);
        all.addAll(List.of("-n", "4", "--threads", "1", "--ctx-size", "500"));
        return run(all.toArray(String[]::new));
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(out.toString());
    }

    private void refused(String sentence, String... arguments) {
        err.getBuffer().setLength(0);
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err.toString()).contains(sentence);
        assertThat(err.toString().lines().count()).isLessThanOrEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void wrongUsageIsOneSentence() {
        refused("hadal: /no/such does not exist", "/no/such", "Hello");
        refused("did you mean --temp?", "Hello", "--tmep", "1");
        refused("hadal: there is no mode 'hihg' (did you mean high?)", "Hello", "--mode", "hihg");
        refused("'--top-k': 'abc' is not an int", "Hello", "--top-k", "abc");
        refused("hadal: --raw and --mode exclude each other", "Hello", "--raw", "--mode", "high");
        refused("hadal: --raw and --system exclude each other", "Hello", "--raw", "--system", "Be brief.");
        refused("hadal: there are 3 arguments", "Hello", "you", "there");
    }

    @Test
    void helpHasExamples() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .startsWith("Usage: hadal run [OPTIONS] [MODEL] [PROMPT]")
                .contains("Examples:", "--seed");
    }

    @Test
    void onlyTheAnswerGoesToStandardOutput() {
        assertThat(answer("Hello", "--stats")).isZero();
        assertThat(out.toString()).endsWith("\n").doesNotContain("tokens");
        assertThat(err.toString().lines()).singleElement().asString().contains("4 tokens");
    }

    @Test
    void withoutAModelTheBuiltInOneThinksAndIsGreedy(@TempDir Path folder) {
        Path builtIn = TinyRandom.asBuiltIn(folder);
        System.setProperty("hadal.home", folder.toString());
        assertThat(brief(List.of("Hello", "--json"))).isZero();
        var first = json();
        assertThat(first.path("model").stringValue()).isEqualTo(builtIn.toString());
        assertThat(first.path("mode").stringValue()).isEqualTo("high");
        assertThat(err.toString()).as("only terminals are told of it").isEmpty();
        out.getBuffer().setLength(0);
        brief(List.of("Hello", "--json"));
        assertThat(json().path("reasoning")).isEqualTo(first.path("reasoning"));
        out.getBuffer().setLength(0);
        brief(List.of("Hello", "--json", "--mode", "max"));
        assertThat(json().path("mode").stringValue()).isEqualTo("max");
        out.getBuffer().setLength(0);
        brief(List.of(builtIn.toString(), "Hello", "--json"));
        assertThat(json().path("mode").stringValue())
                .as("a model that is named")
                .isEqualTo("non-think");
    }

    @Test
    void theSameSeedGivesTheSameAnswer() {
        answer("Hello");
        String first = out.toString();
        out.getBuffer().setLength(0);
        answer("Hello");
        assertThat(out.toString()).isEqualTo(first).isNotBlank();
    }

    @Test
    void jsonIsOneObjectAndNothingElse() {
        assertThat(answer("Hello", "--json", "--mode", "high")).isZero();
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(json().propertyNames())
                .containsExactly(
                        "text",
                        "reasoning",
                        "tool_calls",
                        "malformed",
                        "finish_reason",
                        "usage",
                        "timings",
                        "model",
                        "mode",
                        "disk_bytes",
                        "seed");
        assertThat(json().path("mode").stringValue()).isEqualTo("high");
        assertThat(json().path("seed").longValue()).isEqualTo(1);
        assertThat(json().path("usage").path("reasoning_tokens").longValue()).isPositive();
    }

    @Test
    void pipedTextIsPartOfThePrompt() {
        answer("Hello", "--json");
        long alone = json().path("usage").path("prompt_tokens").longValue();
        out.getBuffer().setLength(0);
        pipe("there is more\n");
        answer("Hello", "--json");
        assertThat(json().path("usage").path("prompt_tokens").longValue()).isGreaterThan(alone);
    }

    @Test
    void theModelMayBeNamedThreeWays() {
        String model = TinyRandom.folder().toString();
        for (var arguments :
                List.of(List.of(model, "Hello"), List.of("-m", model, "Hello"), List.of("Hello", "-m", model))) {
            out.getBuffer().setLength(0);
            brief(Stream.concat(arguments.stream(), Stream.of("--json")).toList());
            assertThat(json().path("model").stringValue()).isEqualTo(model);
        }
        out.getBuffer().setLength(0);
        pipe("Hello");
        brief(List.of(model, "--json"));
        assertThat(json().path("model").stringValue()).isEqualTo(model);
    }

    @Test
    void rawTextHasNoChatProtocolAroundIt() {
        answer("Hello", "--json");
        long chat = json().path("usage").path("prompt_tokens").longValue();
        out.getBuffer().setLength(0);
        answer("Hello", "--json", "--raw");
        assertThat(json().path("usage").path("prompt_tokens").longValue()).isEqualTo(chat - 3);
        assertThat(json().path("mode").stringValue()).isEqualTo("raw");
    }
}
