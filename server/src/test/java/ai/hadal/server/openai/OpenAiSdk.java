package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.Markers;
import ai.hadal.server.ServerUnderTest;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// OpenAI's own client, pointed at a server under test.
final class OpenAiSdk {

    private static final long PATIENCE_SECONDS = 60;

    private OpenAiSdk() {}

    /// The biases of a generation that ends only when someone ends it, and tells something all the while:
    /// the end of the turn and all that breaks the protocol are out of reach.
    static Map<String, Integer> endless(ServerUnderTest server) {
        int[] markers = server.engine()
                .tokenizer()
                .encode(Markers.BEGIN_OF_SENTENCE
                        + Markers.END_OF_SENTENCE
                        + Markers.THINK_START
                        + Markers.THINK_END
                        + Markers.DSML);
        assertThat(markers).hasSize(5);
        return IntStream.of(markers).boxed().collect(Collectors.toMap(id -> Integer.toString(id), id -> -100));
    }

    /// The same as the client's own type of values.
    static Map<String, JsonValue> endlessJson(ServerUnderTest server) {
        return endless(server).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> JsonValue.from(entry.getValue())));
    }

    static OpenAIClient client(ServerUnderTest server) {
        return client(server, "any");
    }

    static OpenAIClient client(ServerUnderTest server, String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(server.uri("/v1").toString())
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    /// The calculator of the built-in model's curriculum.
    static ChatCompletionFunctionTool calculator() {
        return tool("calculate", "Compute an expression.", "expression");
    }

    static ChatCompletionFunctionTool tool(String name, String description, String parameter) {
        return ChatCompletionFunctionTool.builder()
                .function(FunctionDefinition.builder()
                        .name(name)
                        .description(description)
                        .parameters(FunctionParameters.builder()
                                .putAllAdditionalProperties(schema(parameter))
                                .build())
                        .build())
                .build();
    }

    /// The schema of an object with one text.
    static Map<String, JsonValue> schema(String parameter) {
        return Map.of(
                "type", JsonValue.from("object"),
                "properties", JsonValue.from(Map.of(parameter, Map.of("type", "string"))),
                "required", JsonValue.from(List.of(parameter)));
    }

    /// Waits until something holds.
    static void await(BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come about in " + PATIENCE_SECONDS + " seconds");
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    /// Waits until nothing runs or waits.
    static void awaitIdle(ServerUnderTest server) {
        await(() -> server.server().load().running() + server.server().load().waiting() == 0);
    }
}
