package ai.hadal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What agents send of their own accord, beyond what the official clients' helpers do.
class AgentRequestsTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String RESPONSES = "/v1/responses";
    private static final String MESSAGES = "/v1/messages";

    private static ServerUnderTest server;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start();
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode answered(String path, String body) {
        var answer = server.post(path, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    /// The first turn and a later one of Codex, with the tools and fields that it has for every server.
    @Test
    void codexIsAnswered() throws IOException, InterruptedException {
        String body = """
            {"model": "nano", "instructions": "You are a coding agent.", "max_output_tokens": 2, "input": [
              {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "<permissions>"}]},
              {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello"}]}%s],
             "tools": [
              {"type": "function", "name": "exec_command", "description": "Run.", "strict": false, "parameters":
               {"type": "object", "properties": {"cmd": {"type": "string"}}, "required": ["cmd"]}},
              {"type": "custom", "name": "apply_patch", "description": "Edit.",
               "format": {"type": "grammar", "syntax": "lark", "definition": "start: begin"}},
              {"type": "web_search", "external_web_access": false},
              {"type": "namespace", "name": "mcp__files", "description": "Files.", "tools": [
               {"type": "function", "name": "read", "strict": false, "parameters": {"type": "object"}}]}],
             "tool_choice": "auto", "parallel_tool_calls": true, "reasoning": {"effort": "none", "summary": "auto"},
             "store": false, "include": ["reasoning.encrypted_content"], "prompt_cache_key": "k",
             "text": {"verbosity": "low"}, "client_metadata": {"a": "b"}}""";
        String later = """
            ,
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}], "content": null,
             "encrypted_content": "gAAAA"},
            {"type": "function_call", "name": "read", "namespace": "mcp__files", "arguments": "", "call_id": "c1"},
            {"type": "custom_tool_call", "name": "apply_patch", "input": "*** Begin", "call_id": "c2"},
            {"type": "function_call_output", "call_id": "c1", "output": "a"},
            {"type": "custom_tool_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "b"}]}""";
        for (String more : new String[] {"", later}) {
            var answer = send(HttpRequest.newBuilder(server.uri(RESPONSES))
                    .POST(HttpRequest.BodyPublishers.ofString(body.formatted(more))));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-ignored-tools")).contains("web_search");
            assertThat(answer.headers().firstValue("x-unenforced-keywords")).contains("apply_patch#/format");
        }
    }

    private static int promptTokens(String input) {
        return answered(RESPONSES, """
                {"temperature": 0, "max_output_tokens": 1, "input": [{"role": "user", "content": "A"},
                 {"type": "reasoning", %s},
                 {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
                 {"type": "function_call_output", "call_id": "c", "output": "x"}],
                 "tools": [{"type": "function", "name": "f", "parameters": {"type": "object"}}]}""".formatted(input))
                .at("/usage/input_tokens")
                .intValue();
    }

    @Test
    void reasoningComesBackInAnyForm() {
        int content = promptTokens("\"content\": [{\"type\": \"reasoning_text\", \"text\": \"I think so.\"}]");
        assertThat(promptTokens("\"summary\": [{\"type\": \"summary_text\", \"text\": \"I think so.\"}]"))
                .isEqualTo(content);
        assertThat(promptTokens("\"summary\": [], \"encrypted_content\": \"hadal.SSB0aGluayBzby4=\""))
                .isEqualTo(content);
        assertThat(promptTokens("\"summary\": []")).isLessThan(content);
    }

    @Test
    void anInputThatSaysNothingIsAnswered() {
        assertThat(answered(RESPONSES, """
                {"max_output_tokens": 1, "input": [{"type": "reasoning", "summary": []}]}""").path("output")).isNotNull();
    }

    private static JsonNode asked(String messages) {
        return answered(CHAT, """
            {"model": "nano", "temperature": 0, "max_tokens": 8, "thinking": {"type": "disabled"},
             "messages": [%s]}""".formatted(messages));
    }

    /// A conversation that does not end with a question is asked on, not continued as a text.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        system A                 | system A; user
        user A; assistant B      | user A; assistant B; user
        user A; system B         | user A; user B
        user A; system B; user C | user A; user B; user C
        """)
    void conversationsOfAnyOrderAreAnswered(String given, String same) {
        var answer = asked(messages(given));
        var other = asked(messages(same));
        assertThat(answer.at("/usage/prompt_tokens")).isEqualTo(other.at("/usage/prompt_tokens"));
        assertThat(answer.at("/choices/0/message")).isEqualTo(other.at("/choices/0/message"));
        JsonNode response = answered(RESPONSES, """
                {"temperature": 0, "max_output_tokens": 8, "reasoning": {"effort": "none"}, "input": [%s]}""".formatted(messages(given)));
        assertThat(response.at("/usage/input_tokens")).isEqualTo(other.at("/usage/prompt_tokens"));
    }

    private static String messages(String brief) {
        var messages = new StringBuilder();
        for (String message : brief.split("; ")) {
            String[] said = message.split(" ");
            messages.append(messages.isEmpty() ? "" : ",")
                    .append("{\"role\": \"" + said[0] + "\", \"content\": \"" + (said.length > 1 ? said[1] : "")
                            + "\"}");
        }
        return messages.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", " "})
    void callsWithoutArgumentsComeBackInAnySpelling(String arguments) {
        String conversation = """
            {"role": "user", "content": "A"}, {"role": "assistant", "content": null, "tool_calls": [
             {"id": "c", "type": "function", "function": {"name": "f", "arguments": "%s"}}]},
            {"role": "tool", "tool_call_id": "c", "content": "x"}""";
        assertThat(asked(conversation.formatted(arguments)).at("/usage/prompt_tokens"))
                .isEqualTo(asked(conversation.formatted("{}")).at("/usage/prompt_tokens"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deepseek-v4-flash", "deepseek-v4-pro", "deepseek-chat", "deepseek-reasoner"})
    void namesOfDeepSeeksServiceAreKnown(String model) {
        String body = """
            {"model": "%s", "max_tokens": 1, "messages": [{"role": "user", "content": "Hello"}]}""".formatted(model);
        assertThat(answered(CHAT, body).path("model").stringValue()).isEqualTo(model);
        assertThat(answered(MESSAGES, body).path("model").stringValue()).isEqualTo(model);
    }

    /// Claude Code with its own names of models.
    @Test
    void claudeCodeIsAnswered() {
        String body = """
            {"model": "claude-haiku-4-5", "max_tokens": 1, "messages": [{"role": "user", "content": "Hello"}],
             "system": [{"type": "text", "text": "You are an agent.", "cache_control": {"type": "ephemeral"}}],
             "tools": [{"name": "f", "input_schema": {"type": "object"}, "eager_input_streaming": true}],
             "metadata": {"user_id": "u"}, "thinking": {"type": "adaptive"}, "output_config": {"effort": "medium"},
             "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}}""";
        assertThat(answered(MESSAGES + "?beta=true", body).path("model").stringValue())
                .isEqualTo("claude-haiku-4-5");
        assertThat(answered(MESSAGES + "/count_tokens?beta=true", body)
                        .path("input_tokens")
                        .intValue())
                .isPositive();
        assertThat(server.post(CHAT, """
                {"model": "claude-haiku-4-5", "messages": [{"role": "user", "content": "Hello"}]}""").status()).isEqualTo(404);
    }

    /// The runner of tools in Anthropic's client then sends the whole conversation.
    @ParameterizedTest
    @ValueSource(strings = {"{\"type\": \"create\"}", "{\"type\": \"continue\", \"previous_message_id\": \"msg_1\"}"})
    void threadsAreRefusedInTheWayThatClientsKnow(String thread) {
        var answer = server.post(MESSAGES, """
            {"model": "nano", "max_tokens": 1, "messages": [{"role": "user", "content": "Hello"}], "thread": %s}""".formatted(thread));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/details/error_code").stringValue()).isEqualTo("thread_unsupported_request");
    }

    @Test
    void modelsAreListedInTheFormOfTheApi() {
        assertThat(server.get("/v1/models").json().path("object").stringValue()).isEqualTo("list");
        assertThat(server.get("/v1/models", "anthropic-version", "2023-06-01")
                        .json()
                        .at("/data/0/display_name")
                        .stringValue())
                .isEqualTo("nano");
        assertThat(server.get("/v1/models/nano", "anthropic-version", "2023-06-01")
                        .json()
                        .path("type")
                        .stringValue())
                .isEqualTo("model");
        assertThat(server.get("/v1/models/some/model").json().at("/error/code").stringValue())
                .isEqualTo("model_not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health", "/v1/models", "/metrics"})
    void headIsAnsweredLikeGetWithoutTheBody(String path) throws IOException, InterruptedException {
        var get = send(HttpRequest.newBuilder(server.uri(path)));
        var head = send(HttpRequest.newBuilder(server.uri(path)).HEAD());
        assertThat(head.statusCode()).isEqualTo(get.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("content-type"))
                .isEqualTo(get.headers().firstValue("content-type"));
        assertThat(head.headers().firstValueAsLong("content-length")).isPresent();
        assertThat(head.body()).isEmpty();
    }

    @Test
    void compressedBodiesAreSaidToBeUnread() throws IOException, InterruptedException {
        var answer = send(HttpRequest.newBuilder(server.uri(CHAT))
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(JsonMapper.shared()
                        .readTree(answer.body())
                        .at("/error/message")
                        .stringValue())
                .contains("Content-Encoding");
    }

    @Test
    void aProxyLearnsWhichHttpIsSpoken() throws IOException {
        try (var connection = new RawConnection(server.uri("/"))) {
            var answer = connection.send("GET /health HTTP/1.0\r\n\r\n").answer();
            assertThat(answer.status()).isEqualTo(505);
            assertThat(answer.json().at("/error/message").stringValue()).contains("proxy_http_version 1.1");
        }
    }

    @Test
    void aWrongMethodIsToldTheRightOne() throws IOException, InterruptedException {
        var answer = send(HttpRequest.newBuilder(server.uri(MESSAGES)));
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).contains("POST");
    }
}
