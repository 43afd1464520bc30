package ai.hadal.server.anthropic;

import ai.hadal.chat.ReplyEvent;
import ai.hadal.engine.Usage;
import ai.hadal.server.reply.Finish;
import ai.hadal.server.reply.ReplyHandler;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A message as a stream of events.
final class MessageEvents implements ReplyHandler {

    /// Takes an event.
    @FunctionalInterface
    interface Sink {
        void send(String name, JsonNode json) throws IOException;
    }

    private enum Block {
        NONE,
        THINKING,
        TEXT,
        TOOL_USE
    }

    private final Heading heading;
    private final IntFunction<String> callIds;
    private final boolean shown;
    private final Sink sink;

    private boolean started;
    private Block block = Block.NONE;
    private int index = -1;
    private final StringBuilder thinking = new StringBuilder();
    /// White space that becomes part of a text if one follows.
    private final StringBuilder space = new StringBuilder();
    private ToolInput input = new ToolInput();

    /// @param callIds gives the id of the call with an index
    /// @param shown whether the reasoning is
    MessageEvents(Heading heading, IntFunction<String> callIds, boolean shown, Sink sink) {
        this.heading = heading;
        this.callIds = callIds;
        this.shown = shown;
        this.sink = sink;
    }

    /// The message starts when it is known how much of the prompt the cache holds.
    @Override
    public void prefill(long done, long total) throws IOException {
        start(new Usage(total, done, 0, 0));
        ping();
    }

    private void start(Usage usage) throws IOException {
        if (!started) {
            started = true;
            ObjectNode event = event("message_start");
            event.set("message", heading.message(UsageJson.of(usage)));
            send(event);
        }
    }

    @Override
    public void idle() throws IOException {
        ping();
    }

    private void ping() throws IOException {
        send(event("ping"));
    }

    @Override
    public void grew(int choice, List<ReplyEvent> events, @Nullable Token token) throws IOException {
        for (var event : events) {
            grew(event);
        }
    }

    private void grew(ReplyEvent event) throws IOException {
        switch (event) {
            case ReplyEvent.Reasoning(String text) -> reasoning(text);
            case ReplyEvent.Text(String text) -> text(text);
            case ReplyEvent.ToolCallStart(int call, String name) -> {
                input = new ToolInput();
                open(
                        Block.TOOL_USE,
                        BlockJson.toolUse(callIds.apply(call), name, JsonNodeFactory.instance.objectNode()));
            }
            case ReplyEvent.ToolCallArguments(int _, String piece) -> input(input.accept(piece));
            case ReplyEvent.ToolCallEnd _, ReplyEvent.End _ -> close();
            case ReplyEvent.Malformed _ -> {
                if (block == Block.TOOL_USE) {
                    close();
                }
            }
        }
    }

    private void reasoning(String text) throws IOException {
        if (block != Block.THINKING) {
            open(Block.THINKING, BlockJson.thinking("", ""));
        }
        thinking.append(text);
        if (shown) {
            delta(JsonNodeFactory.instance
                    .objectNode()
                    .put("type", "thinking_delta")
                    .put("thinking", text));
        }
    }

    private void text(String text) throws IOException {
        String whole = space + text;
        space.setLength(0);
        if (block != Block.TEXT && whole.isBlank()) {
            space.append(whole);
            return;
        }
        if (block != Block.TEXT) {
            open(Block.TEXT, BlockJson.text(""));
        }
        delta(JsonNodeFactory.instance.objectNode().put("type", "text_delta").put("text", whole));
    }

    private void input(String json) throws IOException {
        if (!json.isEmpty()) {
            delta(JsonNodeFactory.instance
                    .objectNode()
                    .put("type", "input_json_delta")
                    .put("partial_json", json));
        }
    }

    private void open(Block next, ObjectNode content) throws IOException {
        close();
        block = next;
        index++;
        ObjectNode event = event("content_block_start").put("index", index);
        event.set("content_block", content);
        send(event);
    }

    private void close() throws IOException {
        switch (block) {
            case NONE -> {
                return;
            }
            case THINKING ->
                delta(JsonNodeFactory.instance
                        .objectNode()
                        .put("type", "signature_delta")
                        .put("signature", Signature.of(thinking.toString())));
            case TOOL_USE -> input(input.close());
            case TEXT -> {}
        }
        block = Block.NONE;
        send(event("content_block_stop").put("index", index));
    }

    @Override
    public void finished(int choice, Finish finish) throws IOException {
        ObjectNode event = event("message_delta");
        ObjectNode delta = event.putObject("delta").putNull("container").putNull("stop_details");
        Ending.set(delta, finish);
        start(finish.usage());
        close();
        event.set("usage", UsageJson.of(finish.usage()));
        send(event);
        send(event("message_stop"));
    }

    private void delta(ObjectNode delta) throws IOException {
        ObjectNode event = event("content_block_delta").put("index", index);
        event.set("delta", delta);
        send(event);
    }

    private static ObjectNode event(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private void send(ObjectNode event) throws IOException {
        sink.send(event.path("type").stringValue(), event);
    }
}
