package ai.hadal.cli;

import static ai.hadal.cli.FakeServer.delta;
import static ai.hadal.cli.FakeServer.events;
import static ai.hadal.cli.FakeServer.finish;
import static ai.hadal.cli.FakeServer.json;
import static ai.hadal.cli.FakeServer.says;
import static ai.hadal.cli.FakeServer.stream;
import static ai.hadal.cli.FakeServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `hadal chat` and `hadal run` with `--connect`: what is asked of a server and what is shown of its answers.
class ConnectTest {

    private static final String USAGE =
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":9,\"total_tokens\":39,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":20},"
                    + "\"completion_tokens_details\":{\"reasoning_tokens\":4}}}";

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Hadal chat(String input, String... options) {
        return connected("chat", input, options);
    }

    private Hadal run(String prompt, String... options) {
        var all = new ArrayList<>(List.of(options));
        all.add(prompt);
        return connected("run", "", all.toArray(String[]::new));
    }

    private Hadal connected(String command, String input, String... options) {
        var all = new ArrayList<Object>(List.of(command, "--connect", server.url()));
        all.addAll(Arrays.asList(options));
        return Hadal.runWith(input, all.toArray());
    }

    @Test
    void pipedLinesAreAnsweredInTurn() {
        server.then(says("Four.")).then(says("Six."));
        var hadal = chat("Two and two?\nAnd three and three?\n");
        assertThat(hadal.out()).isEqualTo("Four.\nSix.\n");
        assertThat(hadal.err()).isEmpty();
        assertThat(hadal.code()).isZero();
        var first = server.requests.getFirst();
        assertThat(first.path("model").stringValue()).isEqualTo("deep");
        assertThat(first.path("stream").booleanValue()).isTrue();
        assertThat(first.at("/stream_options/include_usage").booleanValue()).isTrue();
        assertThat(first.propertyNames()).containsExactly("model", "messages", "stream", "stream_options");
        assertThat(server.requests.get(1).path("messages"))
                .hasToString("[{\"role\":\"user\",\"content\":\"Two and two?\"},"
                        + "{\"role\":\"assistant\",\"content\":\"Four.\"},"
                        + "{\"role\":\"user\",\"content\":\"And three and three?\"}]");
    }

    @Test
    void anAnswerComesInAnyPieces() {
        server.then(stream(out -> {
            String all = ": hello\r\n\r\ndata: " + text("grö") + "\r\n\r\nevent: message\ndata: "
                    + text("ßer 🌊").replace(":{", ":\ndata: {") + "\n\n: ping\n\ndata: " + finish("stop")
                    + "\n\ndata: [DONE]\n\n";
            for (byte one : all.getBytes(StandardCharsets.UTF_8)) {
                out.write(one);
                out.flush();
            }
        }));
        assertThat(run("How?").out()).isEqualTo("größer 🌊\n");
    }

    @Test
    void aPairOfSurrogatesInTwoChunksIsOneCharacter() {
        server.then(events(text("a\\ud83c"), text("\\udf0a"), finish("stop")));
        assertThat(run("Waves?").out()).isEqualTo("a🌊\n");
    }

    @Test
    void reasoningIsShownAsideInBothSpellings() {
        for (String field : List.of("reasoning_content", "reasoning")) {
            server.then(events(
                    delta("\"role\":\"assistant\",\"content\":null,\"" + field + "\":\"Hmm\""),
                    delta("\"" + field + "\":\", so.\",\"content\":\"\""),
                    text("Yes."),
                    finish("stop")));
            var hadal = run("Is it?", "--show-thinking");
            assertThat(hadal.out()).isEqualTo("Yes.\n");
            assertThat(hadal.err()).isEqualTo("Hmm, so.\n");
        }
    }

    @Test
    void modesAreSentAsDeepSeekHasThem() {
        server.then(says("a")).then(says("b")).then(says("c")).then(says("d"));
        var hadal = chat("1\n/mode high\n2\n/mode max\n3\n/mode non-think\n4\n/mode\n");
        assertThat(hadal.err()).isEqualTo("mode high\nmode max\nmode non-think\nmode non-think\n");
        assertThat(server.requests)
                .extracting(request -> request.path("thinking") + " " + request.path("reasoning_effort"))
                .containsExactly(
                        " ",
                        "{\"type\":\"enabled\"} \"high\"",
                        "{\"type\":\"enabled\"} \"max\"",
                        "{\"type\":\"disabled\"} ");
        assertThat(chat("/mode\n").err()).isEqualTo("mode as the server has it\n");
    }

    @Test
    void whatWasAskedForIsSentAndNothingElse() {
        server.then(says("a"));
        run(
                "x",
                "--mode",
                "high",
                "--system",
                "Be brief.",
                "--temp",
                "0.5",
                "--top-p",
                "0.9",
                "--top-k",
                "7",
                "--min-p",
                "0.1",
                "--seed",
                "5",
                "-n",
                "50",
                "--stop",
                "END",
                "--logit-bias",
                "3=-1",
                "--repeat-penalty",
                "1.1",
                "--frequency-penalty",
                "0.2",
                "--presence-penalty",
                "0.3",
                "--model",
                "flat");
        assertThat(server.requests.getFirst())
                .hasToString("{\"model\":\"flat\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                        + "{\"role\":\"user\",\"content\":\"x\"}],\"stream\":true,"
                        + "\"stream_options\":{\"include_usage\":true},\"thinking\":{\"type\":\"enabled\"},"
                        + "\"reasoning_effort\":\"high\",\"temperature\":0.5,\"seed\":5,\"max_tokens\":50,\"top_k\":7,"
                        + "\"top_p\":0.9,\"min_p\":0.1,\"repetition_penalty\":1.1,\"frequency_penalty\":0.2,"
                        + "\"presence_penalty\":0.3,\"logit_bias\":{\"3\":-1.0},\"stop\":[\"END\"]}");
        server.then(says("a"));
        run("x", "--greedy");
        assertThat(server.requests.getLast().path("temperature").doubleValue()).isZero();
    }

    @Test
    void everyTryHasASeedOfItsOwn() {
        server.then(says("a")).then(says("b"));
        chat("Hello\n/retry\n", "--seed", "5");
        assertThat(server.requests)
                .extracting(request -> request.path("seed").intValue())
                .containsExactly(5, 6);
        assertThat(server.requests.get(1).path("messages")).hasSize(1);
    }

    @Test
    void theKeyIsSentWithEveryRequest() {
        server.then(says("a"));
        run("x", "--api-key", " secret ");
        assertThat(server.keys).containsExactly("Bearer secret", "Bearer secret");
    }

    @Test
    void statisticsAreThoseOfTheServer() {
        server.then(events(text("Yes"), text("."), finish("stop"), USAGE)).then(says("No."));
        assertThat(run("Is it?", "--stats").err())
                .contains("9 tokens (4 thinking), ", " tokens/s, first after ", "; prompt 30 (20 cached)\n");
        assertThat(run("Is it?", "--stats").err()).startsWith("tokens not counted by the server, first after ");
    }

    @Test
    void cachedTokensMayComeInDeepSeeksForm() {
        server.then(events(
                text("Yes"),
                "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}],"
                        + "\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":1,\"prompt_cache_hit_tokens\":6}}"));
        assertThat(run("Is it?", "--stats").err())
                .startsWith("1 token, first after ")
                .endsWith("; prompt 8 (6 cached); cut off by the limit\n");
    }

    @Test
    void jsonIsOneObject() {
        server.then(events(delta("\"reasoning\":\"Hm.\""), text("Yes."), finish("stop"), USAGE));
        var json = run("Is it?", "--json").json();
        assertThat(json.path("text").stringValue()).isEqualTo("Yes.");
        assertThat(json.path("reasoning").stringValue()).isEqualTo("Hm.");
        assertThat(json.path("model").stringValue()).isEqualTo("deep");
        assertThat(json.path("server").stringValue()).isEqualTo(server.url() + "/v1");
        assertThat(json.at("/usage/cached_tokens").intValue()).isEqualTo(20);
        assertThat(json.has("disk_bytes")).isFalse();
    }

    /// Reasoning stays with the calls that came of it, and is not sent with other messages.
    @Test
    void callsAreShownAndGoBackWithTheirReasoning(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("talk.json");
        server.then(events(
                        delta("\"reasoning_content\":\"I look.\""),
                        delta("\"tool_calls\":[{\"index\":0,\"id\":\"c7\",\"type\":\"function\","
                                + "\"function\":{\"name\":\"look\",\"arguments\":\"\"}}]"),
                        delta("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"at\\\":\"}}]"),
                        delta("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\" 1}\"}}]"),
                        finish("tool_calls")))
                .then(events(delta("\"reasoning_content\":\"Easy.\""), text("Done."), finish("stop")))
                .then(says("Bye."));
        var hadal = chat("Look\nAnd?\n/save " + file + "\nThanks\n");
        assertThat(hadal.out()).isEqualTo("Done.\nBye.\n");
        assertThat(hadal.err()).isEqualTo("calls look {\"at\": 1}\nsaved 4 messages\n");
        var messages = server.requests.get(2).path("messages");
        assertThat(messages.path(1))
                .hasToString("{\"role\":\"assistant\",\"content\":\"\",\"reasoning_content\":\"I look.\","
                        + "\"tool_calls\":[{\"id\":\"c7\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"look\",\"arguments\":\"{\\\"at\\\": 1}\"}}]}");
        assertThat(messages.path(3)).hasToString("{\"role\":\"assistant\",\"content\":\"Done.\"}");
        assertThat(Files.readString(file)).contains("I look.", "Easy.");
    }

    @Test
    void aSavedConversationGoesOn(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("talk.json"), """
                {"version": 1, "mode": "high", "messages": [
                  {"role": "system", "content": "Be brief.", "tools": [{"type": "function", "function": {"name": "f"}}]},
                  {"role": "user", "content": "One?"}, {"role": "assistant", "content": "Two."}]}""");
        server.then(says("Four."));
        var hadal = chat("/stats\nThree?\n/system\n", "--load", file.toString(), "--mode", "max");
        assertThat(hadal.err())
                .isEqualTo("2 messages, 0 tokens of context used; the line after an answer is off\n"
                        + "standing instructions: Be brief.\n");
        var request = server.requests.getFirst();
        assertThat(request.path("messages")).hasSize(4);
        assertThat(request.path("messages").path(0)).hasToString("{\"role\":\"system\",\"content\":\"Be brief.\"}");
        assertThat(request.path("tools")).hasToString("[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]");
        assertThat(request.path("reasoning_effort").stringValue()).isEqualTo("max");
    }

    @Test
    void optionsOfAModelHereAreRefused() {
        for (var option : List.of(
                List.of("--ctx-size", "100"),
                List.of("-t", "1"),
                List.of("--backend", "cpu"),
                List.of("--speculative", "off"))) {
            var hadal = run("x", option.toArray(String[]::new));
            assertThat(hadal.code()).isEqualTo(2);
            assertThat(hadal.err()).contains("does not go with --connect; leave one of the two out");
            assertThat(hadal.err().lines()).hasSize(1);
        }
        assertThat(run("x", "--raw").err()).startsWith("hadal: --raw needs the model in this process");
        assertThat(run("x", "--timeout", "0").err()).startsWith("hadal: --timeout is 0");
        assertThat(Hadal.run("chat", "--api-key", "k").err()).startsWith("hadal: --api-key goes with --connect only");
        assertThat(server.keys).as("nothing was asked").isEmpty();
    }

    @Test
    void withoutModelsTheNameIsNeeded() {
        server.models(json(200, "{\"data\":[]}"));
        assertThat(run("x").err())
                .isEqualTo("hadal: " + server.url() + "/v1/models names no model; give one with --model\n");
        server.then(says("a"));
        assertThat(run("x", "--model", "any").out()).isEqualTo("a\n");
    }
}
