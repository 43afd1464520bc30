package ai.hadal.server.openai;

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

/// OpenAI's own client, pointed at a server under test.
final class OpenAiSdk {

    /// A generation that ends only when someone ends it: the end-of-turn token is out of reach.
    static final Map<String, JsonValue> ENDLESS = Map.of("1", JsonValue.from(-100));

    private static final long PATIENCE_SECONDS = 60;

    private OpenAiSdk() {}

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
