package ai.hadal.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.server.ServerUnderTest;
import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The Messages API as Anthropic's own client for Java sees it.
class MessagesSdkTest {

    private static final String SUM = "What is 17 + 25?";
    private static final int BUDGET = 1024;

    private static ServerUnderTest server;
    private static AnthropicClient client;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start(config -> config.withApiKeys(Map.of("tester", "secret")));
        client = client("secret", "");
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static AnthropicClient client(String key, String path) {
        return AnthropicOkHttpClient.builder()
                .apiKey(key)
                .baseUrl(server.uri(path).toString())
                .responseValidation(true)
                .maxRetries(0)
                .build();
    }

    /// A request that is answered the same every time.
    private static MessageCreateParams.Builder request() {
        return MessageCreateParams.builder()
                .model("nano")
                .maxTokens(256)
                .putAdditionalBodyProperty("temperature", JsonValue.from(0));
    }

    private static String text(Message message) {
        return message.content().stream()
                .flatMap(block -> block.text().stream())
                .map(block -> block.text())
                .collect(Collectors.joining());
    }

    private static String thinking(Message message) {
        return message.content().stream()
                .flatMap(block -> block.thinking().stream())
                .map(block -> block.thinking())
                .collect(Collectors.joining());
    }

    private static Message streamed(MessageCreateParams params) {
        var accumulator = MessageAccumulator.create();
        try (var stream = client.messages().createStreaming(params)) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.message();
    }

    /// Apart from the ids, and from what the cache knew by then.
    private static void assertSame(Message one, Message other) {
        assertThat(other.content().stream().map(MessagesSdkTest::withoutId).toList())
                .isEqualTo(
                        one.content().stream().map(MessagesSdkTest::withoutId).toList());
        assertThat(other.stopReason()).isEqualTo(one.stopReason());
        assertThat(other.stopSequence()).isEqualTo(one.stopSequence());
        assertThat(other.model()).isEqualTo(one.model());
        assertThat(prompt(other)).isEqualTo(prompt(one));
        assertThat(other.usage().outputTokens()).isEqualTo(one.usage().outputTokens());
    }

    private static ContentBlock withoutId(ContentBlock block) {
        return block.isToolUse()
                ? ContentBlock.ofToolUse(block.asToolUse().toBuilder().id("").build())
                : block;
    }

    private static long prompt(Message message) {
        return message.usage().inputTokens()
                + message.usage().cacheReadInputTokens().orElse(0L)
                + message.usage().cacheCreationInputTokens().orElse(0L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/anthropic"})
    void answers(String path) {
        var under = client("secret", path);
        var message = under.messages()
                .create(request().addUserMessage(SUM).enabledThinking(BUDGET).build());
        under.close();
        assertThat(message.id()).startsWith("msg_");
        assertThat(message.model().asString()).isEqualTo("nano");
        assertThat(message.content()).hasSize(2);
        assertThat(message.content().getFirst().asThinking().signature()).isNotEmpty();
        assertThat(thinking(message)).isNotEmpty();
        assertThat(text(message)).contains("42");
        assertThat(message.stopReason()).contains(StopReason.END_TURN);
        assertThat(message.usage().outputTokensDetails().orElseThrow().thinkingTokens())
                .isPositive()
                .isLessThan(message.usage().outputTokens());
    }

    @Test
    void listsTheModel() {
        var under = client("secret", "/anthropic");
        var models = under.models().list().items();
        var model = under.models().retrieve("nano");
        assertThatThrownBy(() -> under.models().retrieve("other")).isInstanceOf(NotFoundException.class);
        under.close();
        assertThat(models).containsExactly(model);
        assertThat(model.id()).isEqualTo("nano");
        assertThat(model.maxInputTokens()).contains((long) server.engine().contextLength());
    }

    @Test
    void doesNotThinkUnasked() {
        var message =
                client.messages().create(request().addUserMessage("Hello!").build());
        assertThat(thinking(message)).isEmpty();
        assertThat(text(message)).isNotEmpty();
    }

    @Test
    void streamsWhatItAnswers() {
        for (boolean thinks : new boolean[] {false, true}) {
            var request = request().addUserMessage(SUM);
            var params = (thinks ? request.enabledThinking(BUDGET) : request).build();
            assertSame(client.messages().create(params), streamed(params));
        }
    }

    @Test
    void countsTheTokensOfAPrompt() {
        var params = request()
                .system("Be brief.")
                .addTool(calculator())
                .addUserMessage(SUM)
                .build();
        var count = client.messages()
                .countTokens(MessageCountTokensParams.builder()
                        .model("nano")
                        .system("Be brief.")
                        .addTool(calculator())
                        .addUserMessage(SUM)
                        .build());
        assertThat(prompt(client.messages().create(params))).isEqualTo(count.inputTokens());
    }

    @Test
    void callsToolsAndReadsTheirResults() {
        var request = request().addTool(calculator()).addTool(clock()).addUserMessage("What is 417 * 23?");
        var asked = request.build();
        var call = client.messages().create(asked);
        assertSame(call, streamed(asked));
        assertThat(call.stopReason()).contains(StopReason.TOOL_USE);
        var use = use(call);
        assertThat(use.id()).startsWith("toolu_");
        assertThat(use.name()).isEqualTo("calculate");
        assertThat(input(use)).isEqualTo(Map.of("expression", "417 * 23"));

        var answer = client.messages()
                .create(request.addMessage(call)
                        .addUserMessageOfContentBlockParams(List.of(result(use, "9591")))
                        .build());
        assertThat(text(answer)).contains("9591");
        assertThat(answer.stopReason()).contains(StopReason.END_TURN);
    }

    private static ToolUseBlock use(Message message) {
        return message.content().stream()
                .flatMap(block -> block.toolUse().stream())
                .findFirst()
                .orElseThrow();
    }

    private static Map<?, ?> input(ToolUseBlock use) {
        return use._input().convert(Map.class);
    }

    private static ContentBlockParam result(ToolUseBlock use, String text) {
        return ContentBlockParam.ofToolResult(
                ToolResultBlockParam.builder().toolUseId(use.id()).content(text).build());
    }

    private static Tool calculator() {
        return tool("calculate", "Compute an expression.", "expression");
    }

    private static Tool clock() {
        return tool("get_time", "The time in a city.", "city");
    }

    private static Tool tool(String name, String description, String parameter) {
        return Tool.builder()
                .name(name)
                .description(description)
                .inputSchema(Tool.InputSchema.builder()
                        .properties(JsonValue.from(Map.of(parameter, Map.of("type", "string"))))
                        .required(List.of(parameter))
                        .build())
                .build();
    }

    /// Tools keep the reasoning of all turns in the prompt, so that it shows whether the server remembers it.
    @Test
    void reasoningThatAClientDropsIsRemembered() {
        var request = request()
                .addTool(calculator())
                .addUserMessage("What is 36 + 87?")
                .enabledThinking(BUDGET);
        var call = client.messages().create(request.build());
        assertThat(thinking(call)).isNotEmpty();
        var use = use(call);
        var results = List.of(result(use, "123"));

        var kept = client.messages()
                .create(request.build().toBuilder()
                        .addMessage(call)
                        .addUserMessageOfContentBlockParams(results)
                        .build());
        var dropped = client.messages()
                .create(request.build().toBuilder()
                        .addAssistantMessageOfContentBlockParams(call.content().stream()
                                .filter(block -> !block.isThinking())
                                .map(ContentBlock::toParam)
                                .toList())
                        .addUserMessageOfContentBlockParams(results)
                        .build());
        assertSame(kept, dropped);
        assertThat(text(kept)).contains("123");
        // The second request finds at least what the first one did.
        assertThat(dropped.usage().cacheReadInputTokens().orElseThrow())
                .isGreaterThanOrEqualTo(kept.usage().cacheReadInputTokens().orElseThrow());
    }

    @Test
    void stopsAtTheClientsWords() {
        var params = request()
                .addUserMessage(SUM)
                .enabledThinking(BUDGET)
                .addStopSequence("never said")
                .addStopSequence("42")
                .build();
        var message = client.messages().create(params);
        assertThat(message.stopReason()).contains(StopReason.STOP_SEQUENCE);
        assertThat(message.stopSequence()).contains("42");
        assertThat(text(message)).doesNotContain("42");
        assertSame(message, streamed(params));
    }

    @Test
    void stopsAtTheLimit() {
        var params = request()
                .maxTokens(3)
                .addUserMessage(SUM)
                .enabledThinking(BUDGET)
                .build();
        var message = client.messages().create(params);
        assertThat(message.stopReason()).contains(StopReason.MAX_TOKENS);
        assertThat(message.usage().outputTokens()).isEqualTo(3);
        assertSame(message, streamed(params));
    }

    @Test
    void continuesWhatTheClientBegan() {
        var whole = client.messages().create(request().addUserMessage("Hello!").build());
        String begun = text(whole).strip().split(" ", 2)[0];
        var params =
                request().addUserMessage("Hello!").addAssistantMessage(begun).build();
        assertThat(begun + text(client.messages().create(params)))
                .isEqualTo(text(whole).strip());

        var thinks = params.toBuilder().enabledThinking(BUDGET).build();
        assertThat(thinking(client.messages().create(thinks))).isEmpty();
    }

    @Test
    void wrongKeysAreRefused() {
        var stranger = client("guessed", "");
        assertError(
                () -> stranger.messages().create(request().addUserMessage(SUM).build()),
                UnauthorizedException.class,
                "authentication_error");
        stranger.close();
    }

    @Test
    void unknownModelsAreNotFound() {
        assertError(
                () -> client.messages()
                        .create(request().model("other").addUserMessage(SUM).build()),
                NotFoundException.class,
                "not_found_error");
    }

    @Test
    void tooLongPromptsAreRefused() {
        var params = request()
                .addUserMessage("a b ".repeat(server.engine().contextLength()))
                .build();
        assertError(() -> client.messages().create(params), BadRequestException.class, "invalid_request_error");
        assertThatThrownBy(() -> client.messages().create(params)).hasMessageContaining("prompt is too long");
    }

    @Test
    void wrongTypesAreRefused() {
        assertError(
                () -> client.messages()
                        .create(request()
                                .addUserMessage(SUM)
                                .putAdditionalBodyProperty("top_p", JsonValue.from("most"))
                                .build()),
                BadRequestException.class,
                "invalid_request_error");
    }

    private static void assertError(
            ThrowingCallable call, Class<? extends AnthropicServiceException> type, String name) {
        assertThatThrownBy(call).isInstanceOfSatisfying(type, e -> {
            assertThat(e.errorType().orElseThrow().asString()).isEqualTo(name);
            assertThat(e.requestId().orElseThrow()).startsWith("req_");
        });
    }
}
