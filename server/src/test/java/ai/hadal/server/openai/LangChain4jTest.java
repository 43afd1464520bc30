package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.server.ServerUnderTest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// LangChain4j's OpenAI client.
class LangChain4jTest {

    private static final String KEY = "sk-abyss";
    private static final String SUM = "What is 17 + 25?";
    private static final String PRODUCT = "What is 48 * 17?";
    private static final int PATIENCE_SECONDS = 60;

    private static final ToolSpecification CALCULATOR = ToolSpecification.builder()
            .name("calculate")
            .description("Compute an expression.")
            .parameters(JsonObjectSchema.builder()
                    .addStringProperty("expression")
                    .required("expression")
                    .build())
            .build();

    private static ServerUnderTest server;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start(config -> config.withApiKeys(Map.of("tests", KEY)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static OpenAiChatModel.OpenAiChatModelBuilder model() {
        return OpenAiChatModel.builder()
                .baseUrl(server.uri("/v1").toString())
                .apiKey(KEY)
                .modelName("nano")
                .temperature(0.0)
                .returnThinking(true)
                .maxRetries(0);
    }

    private static OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder streamingModel() {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(server.uri("/v1").toString())
                .apiKey(KEY)
                .modelName("nano")
                .temperature(0.0)
                .returnThinking(true);
    }

    private static ChatRequest ask(String question) {
        return ChatRequest.builder().messages(UserMessage.from(question)).build();
    }

    private static ChatRequest askWithTool() {
        return ChatRequest.builder()
                .messages(UserMessage.from(PRODUCT))
                .toolSpecifications(CALCULATOR)
                .build();
    }

    /// Puts a stream together.
    private static class Collecting implements StreamingChatResponseHandler {

        private final StringBuilder text = new StringBuilder();
        private final StringBuilder thinking = new StringBuilder();
        private final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String piece) {
            text.append(piece);
        }

        @Override
        public void onPartialThinking(PartialThinking piece) {
            thinking.append(piece.text());
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            whole.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            whole.completeExceptionally(error);
        }

        ChatResponse response() throws Exception {
            return whole.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void chats() {
        var response = model().build().chat(ask(SUM));
        assertThat(response.aiMessage().text()).contains("42");
        assertThat(response.aiMessage().thinking()).isNotEmpty();
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        var usage = (OpenAiTokenUsage) response.tokenUsage();
        assertThat(usage.outputTokensDetails().reasoningTokens()).isPositive();
    }

    @Test
    void streams() throws Exception {
        var whole = model().build().chat(ask(SUM));
        var collecting = new Collecting();
        streamingModel().build().chat(ask(SUM), collecting);
        var streamed = collecting.response();
        assertThat(streamed.aiMessage()).isEqualTo(whole.aiMessage());
        assertThat(collecting.text).hasToString(whole.aiMessage().text());
        assertThat(collecting.thinking).hasToString(whole.aiMessage().thinking());
        assertThat(streamed.tokenUsage().outputTokenCount())
                .isEqualTo(whole.tokenUsage().outputTokenCount());
    }

    @Test
    void callsAToolAndAnswersWithItsResult() throws Exception {
        var model = model().build();
        var asked = model.chat(askWithTool()).aiMessage();
        var call = asked.toolExecutionRequests().getFirst();
        assertThat(call.name()).isEqualTo("calculate");
        assertThat(JsonMapper.shared().readTree(call.arguments()))
                .isEqualTo(JsonMapper.shared().readTree("{\"expression\": \"48 * 17\"}"));
        var going = ChatRequest.builder()
                .messages(List.of(UserMessage.from(PRODUCT), asked, ToolExecutionResultMessage.from(call, "816")))
                .toolSpecifications(CALCULATOR)
                .build();
        var answered = model.chat(going);
        assertThat(answered.aiMessage().text()).contains("48 * 17 = 816");
        var collecting = new Collecting();
        streamingModel().build().chat(askWithTool(), collecting);
        assertThat(collecting.response().aiMessage().toolExecutionRequests())
                .singleElement()
                .matches(streamed -> streamed.arguments().equals(call.arguments()));
        // A client that returns the reasoning gets the same.
        assertThat(model().sendThinking(true).build().chat(going).tokenUsage().inputTokenCount())
                .isEqualTo(answered.tokenUsage().inputTokenCount());
    }

    @Test
    void asksForASchema() {
        var format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name("sum")
                        .rootElement(JsonObjectSchema.builder()
                                .addIntegerProperty("sum")
                                .required("sum")
                                .build())
                        .build())
                .build();
        var plain = model().maxCompletionTokens(40).build().chat(ask(SUM));
        var structured = model().maxCompletionTokens(40)
                .strictJsonSchema(true)
                .responseFormat(format)
                .build()
                .chat(ask(SUM));
        assertThat(structured.tokenUsage().inputTokenCount())
                .isGreaterThan(plain.tokenUsage().inputTokenCount());
    }

    @Test
    void knowsTheErrors() {
        assertThatThrownBy(() -> model().apiKey("sk-guessed").build().chat(ask(SUM)))
                .isInstanceOf(AuthenticationException.class);
        assertThatThrownBy(() -> model().modelName("gpt-5").build().chat(ask(SUM)))
                .isInstanceOf(ModelNotFoundException.class);
        assertThatThrownBy(() -> model().build().chat(ask("9".repeat(70_000))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("context_length_exceeded");
    }

    @Test
    void endsWhatIsCancelled() {
        var cancelled = new AtomicBoolean();
        var handler = new Collecting() {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                context.streamingHandle().cancel();
                cancelled.set(true);
            }
        };
        streamingModel()
                .reasoningEffort("none")
                .logitBias(OpenAiSdk.endless(server))
                .maxCompletionTokens(60_000)
                .build()
                .chat(ask("Tell a story."), handler);
        OpenAiSdk.await(cancelled::get);
        OpenAiSdk.awaitIdle(server);
    }
}
