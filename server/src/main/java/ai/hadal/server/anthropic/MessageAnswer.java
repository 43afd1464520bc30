package ai.hadal.server.anthropic;

import ai.hadal.ReplyCollector;
import ai.hadal.chat.ReplyEvent;
import ai.hadal.chat.ToolCall;
import ai.hadal.server.reply.Finish;
import ai.hadal.server.reply.ReplyHandler;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A message as one object.
final class MessageAnswer implements ReplyHandler {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Heading heading;
    private final boolean shown;
    private final ReplyCollector collector;
    private @Nullable Finish finish;

    /// @param callIds gives the id of the call with an index
    /// @param shown whether the reasoning is
    MessageAnswer(Heading heading, IntFunction<String> callIds, boolean shown) {
        this.heading = heading;
        this.shown = shown;
        this.collector = new ReplyCollector(callIds);
    }

    @Override
    public void grew(int choice, List<ReplyEvent> events, @Nullable Token token) {
        events.forEach(collector::accept);
    }

    @Override
    public void finished(int choice, Finish ended) {
        finish = ended;
    }

    ObjectNode json() {
        var ended = Objects.requireNonNull(finish);
        ObjectNode json = heading.message(UsageJson.of(ended.usage()));
        var content = json.putArray("content");
        var reply = collector.reply();
        if (!reply.reasoning().isEmpty()) {
            content.add(BlockJson.thinking(shown ? reply.reasoning() : "", Signature.of(reply.reasoning())));
        }
        // Clients may not send a block of white space back.
        if (!reply.content().isBlank()) {
            content.add(BlockJson.text(reply.content()));
        }
        for (ToolCall call : reply.toolCalls()) {
            content.add(BlockJson.toolUse(
                    Objects.requireNonNull(call.id()), call.name(), MAPPER.readTree(call.argumentsJson())));
        }
        Ending.set(json, ended);
        return json;
    }
}
