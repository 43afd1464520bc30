package ai.hadal.server.reply;

import ai.hadal.ReplyCollector;
import ai.hadal.chat.Markers;
import ai.hadal.chat.Reply;
import ai.hadal.chat.ReplyEvent;
import ai.hadal.chat.ReplyStream;
import ai.hadal.engine.FinishReason;
import ai.hadal.engine.GenerationResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// One choice of a request while it grows: its text becomes events, and its events become a reply.
final class ChoiceReply {

    private static final ObjectReader JSON =
            JsonMapper.shared().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /// What a block of calls begins with.
    private static final String CALLS = "\n\n<" + Markers.DSML;

    private final int index;
    private final @Nullable ReplyStream stream;
    private final CallIds callIds = new CallIds();
    private final ReplyCollector collector = new ReplyCollector((IntFunction<String>) callIds::of);
    private final BiConsumer<Reply, GenerationResult> whole;
    private boolean reasons;

    /// @param stream parses the chat protocol; null for plain text
    /// @param reasons whether the reply starts with reasoning
    /// @param whole takes the reply when it is complete and without a fault
    ChoiceReply(int index, @Nullable ReplyStream stream, boolean reasons, BiConsumer<Reply, GenerationResult> whole) {
        this.index = index;
        this.stream = stream;
        this.reasons = reasons;
        this.whole = whole;
    }

    int index() {
        return index;
    }

    /// Whether the next token belongs to the reasoning.
    boolean reasons() {
        return reasons;
    }

    String callId(int call) {
        return callIds.of(call);
    }

    List<ReplyEvent> accept(String text) {
        var events = new ArrayList<ReplyEvent>();
        if (stream != null) {
            stream.accept(text, events::add);
            reasons = stream.inReasoning();
        } else if (!text.isEmpty()) {
            events.add(new ReplyEvent.Text(text));
        }
        events.forEach(collector::accept);
        return events;
    }

    List<ReplyEvent> end(GenerationResult result) {
        var events = new ArrayList<ReplyEvent>();
        if (stream != null) {
            stream.finish(result.reason() == FinishReason.END_OF_TURN, events::add);
        }
        events.forEach(collector::accept);
        if (collector.malformed().isEmpty()) {
            fault(result.text()).ifPresent(fault -> {
                collector.accept(fault);
                events.add(events.size() - 1, fault);
            });
        }
        if (collector.malformed().isEmpty() && result.reason() == FinishReason.END_OF_TURN) {
            whole.accept(collector.reply(), result);
        }
        return events;
    }

    /// The protocol lets a parameter that is no string hold anything, but clients read arguments as JSON. Like any
    /// fault in a block of calls, this one makes all of them void.
    private Optional<ReplyEvent.Malformed> fault(String text) {
        return collector.reply().toolCalls().stream()
                .filter(call -> !isObject(call.argumentsJson()))
                .findFirst()
                .map(call -> new ReplyEvent.Malformed(
                        "The arguments of the call of '" + call.name() + "' are no JSON object",
                        text.substring(text.indexOf(CALLS))));
    }

    private static boolean isObject(String arguments) {
        try {
            return JSON.readTree(arguments).isObject();
        } catch (JacksonException _) {
            return false;
        }
    }

    Finish finish(GenerationResult result, long waited) {
        var reason = switch (result.reason()) {
            case END_OF_TURN -> collector.reply().toolCalls().isEmpty() ? Finish.Reason.STOP : Finish.Reason.TOOL_CALLS;
            case STOP -> Finish.Reason.STOP;
            case LENGTH -> Finish.Reason.LENGTH;
            case CANCELLED -> Finish.Reason.CANCELLED;
        };
        return new Finish(
                reason,
                result.stop(),
                collector.malformed(),
                result.usage(),
                new Finish.Timings(waited, result.prefillNanos(), result.decodeNanos()));
    }
}
