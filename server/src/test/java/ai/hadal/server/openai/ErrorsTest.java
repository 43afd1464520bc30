package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.hadal.server.ServerUnderTest;
import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Errors as OpenAI's client understands them.
class ErrorsTest {

    private static final String KEY = "sk-abyss";
    private static final String OTHER_KEY = "sk-trench";

    private static ServerUnderTest server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start(config -> config.withApiKeys(Map.of("tests", KEY, "others", OTHER_KEY)));
        client = OpenAiSdk.client(server, KEY);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static ChatCompletionCreateParams ask(String model, String question) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage(question)
                .maxCompletionTokens(5)
                .build();
    }

    private static void create(OpenAIClient asking, ChatCompletionCreateParams params) {
        assertThat(asking.chat().completions().create(params).choices()).hasSize(1);
    }

    @Test
    void aWrongKeyIsUnauthorized() {
        try (var stranger = new Closing(OpenAiSdk.client(server, "sk-guessed"))) {
            var error = catchThrowableOfType(
                    UnauthorizedException.class, () -> create(stranger.client(), ask("nano", "Hello")));
            assertThat(error.code()).contains("invalid_api_key");
            assertThat(error.headers().values("www-authenticate")).containsExactly("Bearer");
        }
        create(client, ask("nano", "Hello"));
    }

    /// The client is no AutoCloseable.
    private record Closing(OpenAIClient client) implements AutoCloseable {

        @Override
        public void close() {
            client.close();
        }
    }

    @Test
    void aResponseIsFoundWithTheKeyItWasAskedForWithAlone() {
        var response = post("/v1/responses", "{\"input\": \"Hello\", \"max_output_tokens\": 5}");
        String path = "/v1/responses/" + response.json().path("id").stringValue();
        String next = "{\"input\": \"Hello\", \"max_output_tokens\": 5, \"previous_response_id\": \"%s\"}"
                .formatted(response.json().path("id").stringValue());
        assertThat(server.get(path, "x-api-key", KEY).status()).isEqualTo(200);
        assertThat(server.get(path, "x-api-key", OTHER_KEY).status()).isEqualTo(404);
        assertThat(server.get(path).status()).isEqualTo(401);
        assertThat(server.post("/v1/responses", next, "x-api-key", OTHER_KEY).status())
                .isEqualTo(400);
        assertThat(server.post("/v1/responses", next, "x-api-key", KEY).status())
                .isEqualTo(200);
    }

    @Test
    void anUnknownModelIsNotFound() {
        var error = catchThrowableOfType(NotFoundException.class, () -> create(client, ask("gpt-5", "Hello")));
        assertThat(error.code()).contains("model_not_found");
        assertThat(error.param()).contains("model");
        assertThat(error).hasMessageContaining("use 'nano'");
        assertThat(catchThrowableOfType(
                        NotFoundException.class, () -> client.models().retrieve("gpt-5")))
                .isNotNull();
    }

    @Test
    void aPromptThatIsTooLongIsRefusedBeforeAStreamBegins() {
        var params = ask("nano", "9".repeat(70_000));
        for (var error : new OpenAIServiceException[] {
            catchThrowableOfType(BadRequestException.class, () -> create(client, params)),
            catchThrowableOfType(
                    BadRequestException.class,
                    () -> client.chat().completions().createStreaming(params).close())
        }) {
            assertThat(error.code()).contains("context_length_exceeded");
            assertThat(error.param()).contains("messages");
            assertThat(error).hasMessageContaining("tokens");
        }
    }

    @Test
    void thereAreNoEmbeddings() {
        var error = catchThrowableOfType(
                NotFoundException.class,
                () -> client.embeddings()
                        .create(EmbeddingCreateParams.builder()
                                .model("nano")
                                .input("Hello")
                                .build()));
        assertThat(error.code()).contains("not_supported");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"messages": "Hello"}                                                 | messages
            {"messages": []}                                                      | messages
            {}                                                                    | messages
            {"messages": [5]}                                                     | messages[0]
            {"messages": [{"content": "Hello"}]}                                  | messages[0].role
            {"messages": [{"role": "robot", "content": "Hello"}]}                 | messages[0].role
            {"messages": [{"role": "user", "content": 5}]}                        | messages[0].content
            {"messages": [{"role": "user"}]}                                      | messages[0].content
            {"model": 5, "messages": [{"role": "user", "content": "Hello"}]}      | model
            {"temperature": "hot", "messages": [{"role": "user", "content": "a"}]} | temperature
            {"temperature": 3, "messages": [{"role": "user", "content": "a"}]}    | temperature
            {"max_tokens": 0.5, "messages": [{"role": "user", "content": "a"}]}   | max_tokens
            {"n": 0, "messages": [{"role": "user", "content": "a"}]}              | n
            {"stop": [1], "messages": [{"role": "user", "content": "a"}]}         | stop
            {"stop": "", "messages": [{"role": "user", "content": "a"}]}          | stop
            {"seed": "a", "messages": [{"role": "user", "content": "a"}]}         | seed
            {"stream": "yes", "messages": [{"role": "user", "content": "a"}]}     | stream
            {"stream_options": 1, "messages": [{"role": "user", "content": "a"}]} | stream_options
            {"logit_bias": {"x": 1}, "messages": [{"role": "user", "content": "a"}]} | logit_bias
            {"top_logprobs": 2, "messages": [{"role": "user", "content": "a"}]}   | top_logprobs
            {"tools": {}, "messages": [{"role": "user", "content": "a"}]}         | tools
            {"reasoning_effort": "x", "messages": [{"role": "user", "content": "a"}]} | reasoning_effort
            {"response_format": {"type": "x"}, "messages": [{"role": "user", "content": "a"}]} | response_format.type
            {"response_format": {"type": "json_schema"}, "messages": [{"role": "user", "content": "a"}]} \
            | response_format.json_schema
            """)
    void wrongFieldsAreNamed(String body, String param) {
        var answer = post("/v1/chat/completions", body);
        assertThat(answer.status()).isEqualTo(400);
        var error = answer.json().path("error");
        assertThat(error.path("param").stringValue("")).isEqualTo(param);
        assertThat(error.path("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(error.path("message").stringValue()).isNotBlank();
    }

    private static ServerUnderTest.Answer post(String path, String body) {
        return server.post(path, body, "Authorization", "Bearer " + KEY);
    }

    @Test
    void moreAnswersThanTheServerGivesAreNotALongPrompt() {
        var answer = post("/v1/chat/completions", """
            {"n": 100, "max_tokens": 1, "messages": [{"role": "user", "content": "Hello"}]}""");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/message").stringValue()).contains("100 answers at once");
        assertThat(answer.json().at("/error/code").isNull()).isTrue();
    }

    @Test
    void bodiesThatAreNoJsonAreRefused() {
        for (String body : new String[] {"", "{", "[]", "5", "{} {}", "{\"messages\": \"\\q\"}", "[".repeat(2000)}) {
            var answer = post("/v1/chat/completions", body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.json().at("/error/message").stringValue())
                    .as(body)
                    .isNotBlank();
        }
    }

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions", "/v1/completions", "/v1/responses", "/chat/completions", "/beta/completions"})
    void aWrongMethodIsNotAllowed(String path) {
        var answer = server.get(path);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.json().at("/error/message").stringValue()).contains("POST");
    }

    @Test
    void anUnknownPathIsNotFound() {
        var answer = post("/v1/nothing", "{}");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().at("/error/type").stringValue()).isEqualTo("invalid_request_error");
    }
}
