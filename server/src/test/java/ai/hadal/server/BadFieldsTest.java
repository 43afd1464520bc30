package ai.hadal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Bodies that say what cannot be: each is refused with the field's name in the words of its API, and the server
/// goes on.
class BadFieldsTest {

    private static final String OPENAI = "/v1/chat/completions";
    private static final String ANTHROPIC = "/v1/messages";
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private static ServerUnderTest server;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void theServerStillAnswers() {
        for (String path : new String[] {OPENAI, ANTHROPIC}) {
            var answer = server.post(path, request().toString());
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }
    }

    /// A request that both APIs take.
    private static ObjectNode request() {
        return (ObjectNode) MAPPER.readTree("""
                {"model": "nano", "max_tokens": 1, "messages": [{"role": "user", "content": "Hello"}]}""");
    }

    private static String with(String field, String json) {
        ObjectNode request = request();
        request.set(field, MAPPER.readTree(json));
        return request.toString();
    }

    private static String refused(String path, String body) {
        return refused(path, body.getBytes(StandardCharsets.UTF_8));
    }

    /// Posts a body that must be refused.
    ///
    /// @return what is said about it
    private static String refused(String path, byte[] body) {
        String shown = new String(body, 0, Math.min(body.length, 300), StandardCharsets.UTF_8);
        HttpResponse<String> response;
        try (var client = HttpClient.newHttpClient()) {
            response = client.send(
                    HttpRequest.newBuilder(server.uri(path))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(shown, e);
        }
        JsonNode json = MAPPER.readTree(response.body());
        assertThat(response.statusCode()).as(shown + response.body()).isEqualTo(400);
        assertThat(json.at("/error/type").stringValue()).as(shown).isEqualTo("invalid_request_error");
        assertThat(json.path("type").asString("")).as(shown).isEqualTo(path.equals(ANTHROPIC) ? "error" : "");
        return json.at("/error/message").stringValue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            messages              | 5; "a"; {}; [5]; [[]]; [null]; [{"role": 5}]; [{"role": "user", "content": 5}]
            model                 | 5; []; {}; true
            max_tokens            | "a"; []; {}; true; 0; -1; 0.5; 1e999; 1180591620717411303424
            max_completion_tokens | "a"; []; {}; true; 0; -1; 0.5; 1e999; 1180591620717411303424
            temperature           | "a"; []; {}; true; -1; 2.5; 1e999; -1e999
            top_p                 | "a"; []; {}; true; -1; 1.5; 1e999
            top_k                 | "a"; []; {}; true; -2; 0.5; 1e999; 1180591620717411303424
            min_p                 | "a"; []; {}; true; -1; 1.5
            repetition_penalty    | "a"; []; {}; true; 0; 1e999
            frequency_penalty     | "a"; []; {}; true; -3; 3
            presence_penalty      | "a"; []; {}; true; -3; 3
            n                     | "a"; []; {}; true; 0; 1000; 1.5; 1180591620717411303424
            stop                  | 5; {}; true; [5]; [""]; ""
            seed                  | "a"; []; {}; true; 0.5; 1e999; 1180591620717411303424
            priority              | "a"; []; {}; true; 1e10
            stream                | 5; "a"; []; {}
            stream_options        | 5; "a"; []; true; {"include_usage": 5}
            logprobs              | 5; "a"; []; {}
            top_logprobs          | "a"; []; {}; true; -1; 21; 2
            logit_bias            | 5; "a"; []; true; {"a": 1}; {"-1": 1}; {"5": "a"}; {"5": 1e999}; {"99999": 1}
            tools                 | 5; "a"; {}; true; [5]; [{}]; [{"type": 5}]; [{"type": "x"}]; [{"function": 5}]
            tool_choice           | 5; "a"; []; true; {"type": "x"}; "required"; {"function": {"name": "f"}}
            parallel_tool_calls   | 5; "a"; []; {}
            response_format       | 5; "a"; []; true; {"type": 5}; {"type": "x"}; {"type": "json_schema"}
            grammar               | 5; []; {}; true
            thinking              | 5; "a"; []; true; {"type": 5}; {"type": "x"}; {"budget_tokens": "a"}
            reasoning_effort      | 5; []; {}; true; "a"
            reasoning             | 5; "a"; []; true; {"effort": 5}; {"effort": "x"}
            max_thinking_tokens   | "a"; []; {}; true; -2; 0.5
            enable_thinking       | 5; "a"; []; {}
            chat_template_kwargs  | 5; "a"; []; true; {"thinking": 5}
            functions             | []; 5
            """)
    void wrongValuesOfTheChatApi(String field, String values) {
        for (String value : values.split("; ")) {
            assertThat(refused(OPENAI, with(field, value))).as(value).contains(field);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            messages       | 5; "a"; {}; []; [5]; [[]]; [null]; [{"role": 5}]; [{"role": "user", "content": 5}]
            messages       | [{"role": "user", "content": [5]}]; [{"role": "user", "content": [{"type": 5}]}]
            messages       | [{"role": "user", "content": [{"type": "image", "source": {}}]}]
            messages       | [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "x"}]}]
            messages       | [{"role": "assistant", "content": [{"type": "tool_use", "id": "x", "name": "f", "input": 5}]}]
            system         | 5; {}; true; [5]; [{"type": 5}]; [{"type": "image"}]; [{"type": "text", "text": 5}]
            model          | 5; []; {}; true
            max_tokens     | "a"; []; {}; true; 0; -1; 0.5; 1e999; 1180591620717411303424
            temperature    | "a"; []; {}; true; -1; 2.5; 1e999
            top_p          | "a"; []; {}; true; -1; 1.5
            top_k          | "a"; []; {}; true; -1; 0.5
            stop_sequences | 5; {}; true; [5]; [""]
            stream         | 5; "a"; []; {}
            thinking       | 5; "a"; []; true; {}; {"type": 5}; {"type": "x"}; {"type": "enabled", "budget_tokens": 0}
            tools          | 5; "a"; {}; true; [5]; [{}]; [{"name": 5}]; [{"name": "a b"}]; [{"type": "bash_20250124"}]
            tools          | [{"name": "f"}]; [{"name": "f", "input_schema": 5}]
            tool_choice    | 5; "a"; []; true; {}; {"type": "x"}; {"type": "any"}; {"type": "tool", "name": "f"}
            output_config  | 5; "a"; []; true; {"effort": 5}; {"format": {"type": "x"}}; {"format": {"type": "json_schema"}}
            output_format  | 5; "a"; []; true; {"type": "json_schema", "schema": 5}
            mcp_servers    | 5; "a"; {}; [{}]
            """)
    void wrongValuesOfTheMessagesApi(String field, String values) {
        for (String value : values.split("; ")) {
            assertThat(refused(ANTHROPIC, with(field, value))).as(value).contains(field);
        }
    }

    @ParameterizedTest
    @CsvSource({OPENAI, ANTHROPIC})
    void bodiesThatAreNoJson(String path) {
        for (byte[] body : new byte[][] {
            {},
            {0},
            "5".getBytes(StandardCharsets.UTF_8),
            "{\"model\": NaN}".getBytes(StandardCharsets.UTF_8),
            "{} {}".getBytes(StandardCharsets.UTF_8),
            "{\"a\u0000\": 1}".getBytes(StandardCharsets.UTF_8),
            "{\"model\": \"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1),
            {'{', '"', (byte) 0xC0, (byte) 0x80, '"', ':', '1', '}'},
            {'{', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', ':', '1', '}'},
            "{\"model\": ".repeat(300).getBytes(StandardCharsets.UTF_8),
            "[".repeat(100_000).getBytes(StandardCharsets.UTF_8),
            ("{\"n\": " + "9".repeat(5_000) + "}").getBytes(StandardCharsets.UTF_8),
            ("{\"" + "x".repeat(100_000) + "\": 1}").getBytes(StandardCharsets.UTF_8)
        }) {
            assertThat(refused(path, body)).startsWith("the request");
        }
    }

    /// Odd, but nothing is wrong with them.
    @ParameterizedTest
    @CsvSource({OPENAI, ANTHROPIC})
    void bodiesThatAreOddAreAnswered(String path) {
        for (String body : new String[] {
            with("messages", "[{\"role\": \"user\", \"content\": \"a\\u0000b\"}]"),
            with("messages", "[{\"role\": \"user\", \"content\": \"a\\ud800b\"}]"),
            with("messages", "[{\"role\": \"user\", \"content\": \"\\udc00\\ud83d\"}]"),
            request().toString().replace("\"max_tokens\":1", "\"max_tokens\":[],\"max_tokens\":1"),
            "\ufeff" + request(),
            with("unknown", "[".repeat(200) + "]".repeat(200))
        }) {
            var answer = server.post(path, body);
            assertThat(answer.status()).as(body + answer.body()).isEqualTo(200);
        }
    }

    @Test
    void thereIsAMostOfEverything() {
        String tools = IntStream.range(0, 1_000)
                .mapToObj(i -> "{\"name\": \"f" + i + "\", \"input_schema\": {}}")
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(refused(ANTHROPIC, with("tools", tools))).contains("'tools' has more than 512");
        assertThat(refused(
                        OPENAI,
                        with(
                                "tools",
                                tools.replace("{\"name\"", "{\"function\": {\"name\"")
                                        .replace("{}}", "{}}}"))))
                .contains("'tools' has more than 512");
        assertThat(refused(
                        "/v1/responses",
                        "{\"input\": \"a\", \"tools\": " + tools.replace("input_schema", "parameters") + "}"))
                .contains("'tools' has more than 512");
        String messages = "{\"role\": \"user\", \"content\": \"a\"}";
        for (String path : new String[] {OPENAI, ANTHROPIC}) {
            assertThat(refused(
                            path,
                            with(
                                    "messages",
                                    Stream.generate(() -> messages)
                                            .limit(100_000)
                                            .collect(Collectors.joining(",", "[", "]")))))
                    .contains("the context holds");
        }
    }

    static Stream<String> hostileSchemas() {
        String doubling = IntStream.range(0, 40)
                .mapToObj(i -> "\"a%d\": {\"allOf\": [{\"$ref\": \"#/$defs/a%d\"}, {\"$ref\": \"#/$defs/a%d\"}]}"
                        .formatted(i, i + 1, i + 1))
                .collect(Collectors.joining(","));
        return Stream.of(
                "{\"items\": ".repeat(210) + "{}" + "}".repeat(210),
                "{\"$ref\": \"#\"}",
                "{\"$defs\": {\"a\": {\"$ref\": \"#/$defs/b\"}, \"b\": {\"$ref\": \"#/$defs/a\"}}, \"$ref\": \"#/$defs/a\"}",
                "{\"$defs\": {" + doubling + ", \"a40\": {\"type\": \"integer\"}}, \"$ref\": \"#/$defs/a0\"}",
                "{\"$ref\": \"https://example.org/schema\"}",
                "{\"type\": 5}",
                "{\"type\": \"object\", \"properties\": {\"x\": false}, \"required\": [\"x\"]}",
                "{\"type\": \"object\", \"properties\": {\"x\": {\"minLength\": -1}}}",
                "{\"type\": \"object\", \"required\": [\"x\"], \"properties\": {\"x\": {\"enum\": ["
                        + IntStream.range(0, 10_000)
                                .mapToObj(i -> "\"v" + i + "\"")
                                .collect(Collectors.joining(","))
                        + "]}}}");
    }

    @ParameterizedTest
    @MethodSource("hostileSchemas")
    void schemasThatAskTooMuch(String schema) {
        assertThat(refused(ANTHROPIC, with("tools", "[{\"name\": \"f\", \"input_schema\": " + schema + "}]")))
                .contains("tool 'f'");
        assertThat(refused(
                        OPENAI, with("tools", "[{\"function\": {\"name\": \"f\", \"parameters\": " + schema + "}}]")))
                .contains("tool 'f'");
    }

    /// Patterns that make a backtracking matcher think for ever are automata like any other here.
    @ParameterizedTest
    @CsvSource({"^(a+)+$", "(.*a){1000}", "((((a{1,100}){1,100}){1,100}){1,100})", "((a|b|ab|ba|.*)*){50}"})
    void patternsCostNoMoreThanOthers(String pattern) {
        String schema =
                "{\"type\": \"object\", \"required\": [\"x\"], \"properties\": {\"x\": {\"type\": \"string\", \"pattern\": \""
                        + pattern + "\"}}}";
        for (String body : new String[] {
            with("response_format", "{\"type\": \"json_schema\", \"json_schema\": {\"schema\": " + schema + "}}"),
            with("tools", "[{\"function\": {\"name\": \"f\", \"parameters\": " + schema + "}}]")
        }) {
            var answer = server.post(OPENAI, body);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }
    }
}
