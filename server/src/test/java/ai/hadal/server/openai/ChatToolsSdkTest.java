package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.server.ServerUnderTest;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionAssistantMessageParam;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Tools of the chat API with OpenAI's client.
class ChatToolsSdkTest {

    private static final String QUESTION = "What is 48 * 17?";
    private static final String REASONING = "reasoning_content";

    private static ServerUnderTest server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start();
        client = OpenAiSdk.client(server);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static ChatCompletionCreateParams.Builder ask(String question) {
        return ChatCompletionCreateParams.builder()
                .model("nano")
                .temperature(0)
                .addUserMessage(question)
                .addTool(OpenAiSdk.calculator());
    }

    private static ChatCompletionCreateParams.Builder askAboutTwo() {
        return ChatCompletionCreateParams.builder()
                .model("nano")
                .temperature(0)
                .addUserMessage("What is the weather in Paris and what time is it in Rome?")
                .addTool(OpenAiSdk.tool("get_weather", "The weather in a city.", "city"))
                .addTool(OpenAiSdk.tool("get_time", "The time in a city.", "city"));
    }

    private static ChatCompletion create(ChatCompletionCreateParams.Builder params) {
        return client.chat().completions().create(params.build());
    }

    private static ChatCompletionMessage message(ChatCompletion completion) {
        return completion.choices().getFirst().message();
    }

    private static List<ChatCompletionMessageFunctionToolCall> calls(ChatCompletionMessage message) {
        return message.toolCalls().orElse(List.of()).stream()
                .map(call -> call.asFunction())
                .toList();
    }

    private static ChatCompletionToolMessageParam result(ChatCompletionMessageFunctionToolCall call, String result) {
        return ChatCompletionToolMessageParam.builder()
                .toolCallId(call.id())
                .content(result)
                .build();
    }

    @Test
    void callsAToolAndAnswersWithItsResult() {
        var asked = create(ask(QUESTION));
        assertThat(asked.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        var said = message(asked);
        var call = calls(said).getFirst();
        assertThat(call.function().name()).isEqualTo("calculate");
        assertThat(JsonMapper.shared().readTree(call.function().arguments()))
                .isEqualTo(JsonMapper.shared().readTree("{\"expression\": \"48 * 17\"}"));
        assertThat(said.content()).isEmpty();
        var answered = create(ask(QUESTION).addMessage(said).addMessage(result(call, "816")));
        assertThat(message(answered).content().orElse("")).contains("48 * 17 = 816");
        assertThat(answered.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    }

    @Test
    void streamsTheSameCall() {
        var whole = calls(message(create(ask(QUESTION)))).getFirst();
        var accumulator = ChatCompletionAccumulator.create();
        try (var stream =
                client.chat().completions().createStreaming(ask(QUESTION).build())) {
            stream.stream().forEach(accumulator::accumulate);
        }
        var completion = accumulator.chatCompletion();
        assertThat(completion.choices().getFirst().finishReason())
                .isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        assertThat(calls(message(completion)))
                .singleElement()
                .satisfies(call -> assertThat(call.function()).isEqualTo(whole.function()))
                .satisfies(call -> assertThat(call.id()).startsWith("call_").isNotEqualTo(whole.id()));
    }

    @Test
    void callsTwoToolsAtOnceAndTakesTheirResultsInAnyOrder() {
        var said = message(create(askAboutTwo()));
        var calls = calls(said);
        assertThat(calls).extracting(call -> call.function().name()).containsExactly("get_weather", "get_time");
        assertThat(calls).extracting(ChatCompletionMessageFunctionToolCall::id).doesNotHaveDuplicates();
        var weather = result(calls.get(0), "sunny, 21");
        var time = result(calls.get(1), "09:15");
        var inOrder = create(askAboutTwo().addMessage(said).addMessage(weather).addMessage(time));
        var swapped = create(askAboutTwo().addMessage(said).addMessage(time).addMessage(weather));
        assertThat(message(inOrder).content().orElse("")).contains("sunny, 21").contains("09:15");
        assertThat(message(swapped).content()).isEqualTo(message(inOrder).content());
    }

    @Test
    void remembersReasoningOfACallThatAClientDropped() {
        var said = message(create(ask(QUESTION)));
        var returned = answer(
                param -> param.putAdditionalProperty(
                        REASONING, said._allProperties().getOrDefault(REASONING, JsonValue.from(""))),
                said);
        var dropped = answer(param -> param.removeAdditionalProperty(REASONING), said);
        // Spelled anew by a client that parsed it.
        var spaced = answer(param -> param.removeAdditionalProperty(REASONING), spacedOut(said));
        assertThat(said._allProperties()).containsKey(REASONING);
        for (var other : List.of(dropped, spaced)) {
            assertThat(message(other)).isEqualTo(message(returned));
            assertThat(other.usage().orElseThrow().promptTokens())
                    .isEqualTo(returned.usage().orElseThrow().promptTokens());
            assertThat(other.usage().orElseThrow().completionTokens())
                    .isEqualTo(returned.usage().orElseThrow().completionTokens());
        }
    }

    private static ChatCompletion answer(
            Function<ChatCompletionAssistantMessageParam.Builder, ChatCompletionAssistantMessageParam.Builder> change,
            ChatCompletionMessage said) {
        var param = change.apply(said.toParam().toBuilder()).build();
        return create(
                ask(QUESTION).addMessage(param).addMessage(result(calls(said).getFirst(), "816")));
    }

    private static ChatCompletionMessage spacedOut(ChatCompletionMessage said) {
        var call = calls(said).getFirst();
        var function = call.function().toBuilder()
                .arguments(call.function().arguments().replace(":", " :\n  "))
                .build();
        return said.toBuilder()
                .toolCalls(List.of(ChatCompletionMessageToolCall.ofFunction(
                        call.toBuilder().function(function).build())))
                .build();
    }

    @Test
    void keepsToAllChoices() {
        for (var choice : List.of(
                ChatCompletionToolChoiceOption.ofAuto(ChatCompletionToolChoiceOption.Auto.AUTO),
                ChatCompletionToolChoiceOption.ofAuto(ChatCompletionToolChoiceOption.Auto.REQUIRED),
                ChatCompletionToolChoiceOption.ofNamedToolChoice(ChatCompletionNamedToolChoice.builder()
                        .function(ChatCompletionNamedToolChoice.Function.builder()
                                .name("calculate")
                                .build())
                        .build()))) {
            var completion = create(ask(QUESTION).toolChoice(choice).parallelToolCalls(false));
            assertThat(calls(message(completion))).hasSize(1);
        }
        var none = create(ask(QUESTION).toolChoice(ChatCompletionToolChoiceOption.Auto.NONE));
        assertThat(message(none).toolCalls()).isEmpty();
    }

    @Test
    void refusesToolsThatAreNone() {
        refuses("{\"tools\": [{\"type\": \"function\"}]", "tools[0].function");
        refuses("{\"tools\": [{\"type\": \"web_search\"}]", "tools[0].type");
        refuses("{\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"a b\"}}]", "tools[0].function.name");
        refuses("{\"tool_choice\": \"required\"", "tool_choice");
        refuses("{\"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"x\"}}", "tool_choice");
        refuses("{\"functions\": []", "functions");
    }

    private static void refuses(String start, String param) {
        var answer = server.post(
                "/v1/chat/completions", start + ", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}");
        assertThat(answer.status()).as(start).isEqualTo(400);
        assertThat(answer.json().at("/error/param").stringValue()).as(start).isEqualTo(param);
    }
}
