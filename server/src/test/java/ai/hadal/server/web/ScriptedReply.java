package ai.hadal.server.web;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The events of one scripted answer, sent as they are said.
final class ScriptedReply {
    private static final JsonMapper JSON = JsonMapper.shared();
    private final HttpExchange exchange;
    private @Nullable OutputStream out;

    ScriptedReply(HttpExchange exchange) {
        this.exchange = exchange;
    }

    /// Answers with an error instead of a stream.
    void refuse(int status, String message, String type) throws IOException {
        FakeServer.json(exchange, status, FakeServer.error(message, type));
    }

    ScriptedReply thinking(String... parts) throws IOException {
        for (var part : parts) {
            delta(Map.of("reasoning_content", part));
        }
        return this;
    }

    ScriptedReply text(String... parts) throws IOException {
        for (var part : parts) {
            delta(Map.of("content", part));
        }
        return this;
    }

    /// A tool call whose arguments come in these parts.
    ScriptedReply call(int index, String name, String... arguments) throws IOException {
        delta(Map.of(
                "tool_calls",
                List.of(Map.of(
                        "index",
                        index,
                        "id",
                        "call_" + index,
                        "type",
                        "function",
                        "function",
                        Map.of("name", name, "arguments", "")))));
        for (var part : arguments) {
            delta(Map.of("tool_calls", List.of(Map.of("index", index, "function", Map.of("arguments", part)))));
        }
        return this;
    }

    ScriptedReply prefill(int done, int total) throws IOException {
        return line(": prefill " + done + "/" + total + "\n\n");
    }

    /// Waits until the test lets the answer go on.
    ScriptedReply await(CountDownLatch gate) throws InterruptedException {
        gate.await();
        return this;
    }

    /// The end as the API has it: reason, usage with 1,000 prompt tokens of which 930 were cached, and the mark.
    void end(String reason, int tokens, int thinking) throws IOException {
        event(Map.of("choices", List.of(Map.of("index", 0, "delta", Map.of(), "finish_reason", reason))));
        event(Map.of(
                "choices", List.of(),
                "usage",
                        Map.of(
                                "prompt_tokens",
                                1000,
                                "completion_tokens",
                                tokens,
                                "total_tokens",
                                1000 + tokens,
                                "prompt_tokens_details",
                                Map.of("cached_tokens", 930),
                                "completion_tokens_details",
                                Map.of("reasoning_tokens", thinking))));
        line("data: [DONE]\n\n");
    }

    /// An end at which the server says that a call was written against the rules.
    void endMalformed(String reason, String raw) throws IOException {
        event(Map.of(
                "choices",
                List.of(Map.of(
                        "index",
                        0,
                        "delta",
                        Map.of(),
                        "finish_reason",
                        "stop",
                        "malformed",
                        List.of(Map.of("reason", reason, "raw", raw))))));
        line("data: [DONE]\n\n");
    }

    /// An error in the midst of the stream.
    void fail(String message, String type) throws IOException {
        event(Map.of("error", Map.of("message", message, "type", type)));
    }

    private void event(Object event) throws IOException {
        line("data: " + JSON.writeValueAsString(event) + "\n\n");
    }

    /// Sends any text of the stream; throws when the page has gone away.
    ScriptedReply line(String text) throws IOException {
        if (out == null) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            out = exchange.getResponseBody();
        }
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
        return this;
    }

    private void delta(Map<String, ?> delta) throws IOException {
        event(Map.of("choices", List.of(Map.of("index", 0, "delta", delta))));
    }
}
