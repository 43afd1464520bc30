package ai.hadal.server.openai;

import ai.hadal.chat.ReplyEvent;
import ai.hadal.server.http.EventStream;
import ai.hadal.server.reply.Exchange;
import ai.hadal.server.reply.Finish;
import ai.hadal.server.reply.ReplyHandler;
import ai.hadal.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A chat completion as a stream of chunks.
final class ChatChunks implements ReplyHandler {

    private final Exchange exchange;
    private final ChunkWriter chunks;
    private final List<LogprobsJson> logprobs = new ArrayList<>();
    private final TreeMap<Integer, Finish> finishes = new TreeMap<>();

    /// @param usage whether a last chunk counts tokens
    ChatChunks(
            Heading heading, Exchange exchange, int choices, Tokenizer tokenizer, boolean usage, EventStream events) {
        this.exchange = exchange;
        this.chunks = new ChunkWriter(() -> heading.json("chat.completion.chunk"), usage, events);
        for (int c = 0; c < choices; c++) {
            logprobs.add(new LogprobsJson(tokenizer));
        }
    }

    @Override
    public void begin() throws IOException {
        for (int c = 0; c < logprobs.size(); c++) {
            chunks.send(choice(
                    c,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("role", "assistant")
                            .put("content", "")));
        }
    }

    @Override
    public void prefill(long done, long total) throws IOException {
        chunks.events().prefill(done, total);
    }

    @Override
    public void idle() throws IOException {
        chunks.events().keepAlive();
    }

    @Override
    public void grew(int choice, List<ReplyEvent> added, @Nullable Token token) throws IOException {
        logprobs.get(choice).add(token);
        for (var event : added) {
            ObjectNode delta = delta(choice, event);
            if (delta != null) {
                ObjectNode json = choice(choice, delta);
                json.set("logprobs", logprobs.get(choice).take());
                chunks.send(json);
            }
        }
    }

    private @Nullable ObjectNode delta(int choice, ReplyEvent event) {
        ObjectNode delta = JsonNodeFactory.instance.objectNode();
        switch (event) {
            case ReplyEvent.Text(String text) -> delta.put("content", text);
            case ReplyEvent.Reasoning(String text) -> delta.put("reasoning_content", text);
            case ReplyEvent.ToolCallStart(int index, String name) ->
                delta.putArray("tool_calls")
                        .addObject()
                        .put("index", index)
                        .put("id", exchange.callId(choice, index))
                        .put("type", "function")
                        .putObject("function")
                        .put("name", name)
                        .put("arguments", "");
            case ReplyEvent.ToolCallArguments(int index, String piece) ->
                delta.putArray("tool_calls")
                        .addObject()
                        .put("index", index)
                        .putObject("function")
                        .put("arguments", piece);
            case ReplyEvent.ToolCallEnd _, ReplyEvent.Malformed _, ReplyEvent.End _ -> {
                return null;
            }
        }
        return delta;
    }

    @Override
    public void finished(int choice, Finish finish) throws IOException {
        finishes.put(choice, finish);
        ObjectNode json = choice(choice, JsonNodeFactory.instance.objectNode());
        json.set("logprobs", logprobs.get(choice).take());
        json.put("finish_reason", FinishJson.reason(finish));
        finish.tellFaults(json);
        chunks.send(json);
    }

    void end() throws IOException {
        chunks.end(() -> UsageJson.of(finishes.values()), finishes);
    }

    private static ObjectNode choice(int index, JsonNode delta) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("index", index);
        json.set("delta", delta);
        json.putNull("logprobs");
        return json.putNull("finish_reason");
    }
}
