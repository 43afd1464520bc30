package ai.hadal.cli.remote;

import ai.hadal.ReplyListener;
import ai.hadal.chat.Reply;
import ai.hadal.chat.ReplyEvent;
import ai.hadal.chat.ToolCall;
import ai.hadal.engine.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Puts the chunks of a streamed answer together, and passes them on as events.
final class RemoteReply {

    private static final class Call {
        String id = "";
        String name = "";
        final StringBuilder arguments = new StringBuilder();
    }

    private final ReplyListener listener;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final Map<Integer, Call> calls = new TreeMap<>();
    private final long start = System.nanoTime();
    private long first;
    private long last;
    private String finish = "";
    private Usage usage = new Usage(0, 0, 0, 0);
    /// The first half of a surrogate pair whose second half comes with the next chunk.
    private String half = "";

    RemoteReply(ReplyListener listener) {
        this.listener = listener;
    }

    void accept(JsonNode chunk) {
        if (chunk.path("usage").isObject()) {
            usage = usage(chunk.path("usage"));
        }
        var choice = chunk.path("choices").path(0);
        var delta = choice.path("delta");
        reasoning(
                delta.path("reasoning_content").asString(delta.path("reasoning").asString("")));
        text(delta.path("content").asString(""));
        delta.path("tool_calls").valueStream().forEach(this::call);
        finish = choice.path("finish_reason").asString(finish);
    }

    /// Cached tokens come in OpenAI's form or DeepSeek's.
    private static Usage usage(JsonNode usage) {
        long cached = usage.path("prompt_tokens_details")
                .path("cached_tokens")
                .asLong(usage.path("prompt_cache_hit_tokens").asLong(0));
        return new Usage(
                usage.path("prompt_tokens").asLong(0),
                cached,
                usage.path("completion_tokens_details").path("reasoning_tokens").asLong(0),
                usage.path("completion_tokens").asLong(0));
    }

    private void reasoning(String received) {
        String piece = whole(received);
        if (!piece.isEmpty()) {
            grew();
            reasoning.append(piece);
            listener.event(new ReplyEvent.Reasoning(piece));
        }
    }

    private void text(String received) {
        String piece = whole(received);
        if (!piece.isEmpty()) {
            grew();
            text.append(piece);
            listener.event(new ReplyEvent.Text(piece));
        }
    }

    private String whole(String received) {
        if (received.isEmpty()) {
            return "";
        }
        String piece = half + received;
        int end = piece.length() - (Character.isHighSurrogate(piece.charAt(piece.length() - 1)) ? 1 : 0);
        half = piece.substring(end);
        return piece.substring(0, end);
    }

    private void call(JsonNode delta) {
        grew();
        int index = delta.path("index").asInt(Math.max(0, calls.size() - 1));
        var call = calls.computeIfAbsent(index, _ -> new Call());
        var function = delta.path("function");
        String name = function.path("name").asString("");
        call.id = delta.path("id").asString(call.id);
        if (call.name.isEmpty() && !name.isEmpty()) {
            call.name = name;
            listener.event(new ReplyEvent.ToolCallStart(index, name));
        }
        String arguments = function.path("arguments").asString("");
        if (!arguments.isEmpty()) {
            call.arguments.append(arguments);
            listener.event(new ReplyEvent.ToolCallArguments(index, arguments));
        }
    }

    private void grew() {
        last = System.nanoTime();
        if (first == 0) {
            first = last;
        }
    }

    /// Whether anything was said.
    boolean hasBegun() {
        return first != 0;
    }

    /// Why the server ended it, as it says; "" as long as it hasn't.
    String finish() {
        return finish;
    }

    /// Passes on the end, and the calls if they are whole.
    void end(boolean complete) {
        if (complete) {
            calls.forEach((index, call) ->
                    listener.event(new ReplyEvent.ToolCallEnd(index, call.name, call.arguments.toString())));
        }
        listener.event(new ReplyEvent.End(complete));
    }

    /// What was said; calls only if they are whole.
    Reply reply(boolean complete) {
        List<ToolCall> whole = new ArrayList<>();
        if (complete) {
            calls.values().forEach(call -> whole.add(new ToolCall(id(call), call.name, call.arguments.toString())));
        }
        return new Reply(text.toString(), reasoning.toString(), whole);
    }

    private static @Nullable String id(Call call) {
        return call.id.isEmpty() ? null : call.id;
    }

    /// Zeros if the server counts no tokens.
    Usage usage() {
        return usage;
    }

    /// From the request to the first piece.
    long prefillNanos() {
        return first == 0 ? 0 : first - start;
    }

    /// From the first piece to the last.
    long decodeNanos() {
        return last - first;
    }
}
