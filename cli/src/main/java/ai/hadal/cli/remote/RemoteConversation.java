package ai.hadal.cli.remote;

import ai.hadal.Answer;
import ai.hadal.Conversation;
import ai.hadal.ReplyListener;
import ai.hadal.Transcript;
import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.engine.FinishReason;
import ai.hadal.error.HadalException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A conversation with a model on a server. Each reply sends the whole conversation. Used by one thread at a
/// time.
///
/// The history is kept as [Conversation] keeps it: a reply that fails before its first piece leaves no trace,
/// nor does one that is cancelled then; one that ends early later stays as far as it came, marked as cut off.
public final class RemoteConversation {

    private final RemoteServer server;
    private final String model;
    private Transcript transcript = new Transcript();
    private boolean modeChosen;

    /// An empty conversation, in the server's own mode.
    public RemoteConversation(RemoteServer server, String model) {
        this.server = server;
        this.model = model;
    }

    public String model() {
        return model;
    }

    /// What was said so far.
    public Transcript transcript() {
        return transcript;
    }

    /// Goes on with a saved conversation, in its mode.
    ///
    /// @throws HadalException if the file is missing or is no conversation
    public void load(Path file) {
        transcript = Transcript.load(file);
        modeChosen = true;
    }

    /// How much the next replies reason; null as long as that is left to the server.
    public @Nullable ThinkingMode mode() {
        return modeChosen ? transcript.mode() : null;
    }

    public void setMode(ThinkingMode mode) {
        transcript.setMode(mode);
        modeChosen = true;
    }

    /// Says something and returns the answer, which is part of the history from then on.
    ///
    /// @param fields of the request besides model, messages, mode and streaming, such as `temperature`
    /// @throws HadalException if there is no whole answer; a part of one is kept
    public Answer reply(String text, ObjectNode fields, ReplyListener listener) {
        int before = transcript.size();
        transcript.add(new Message.User(text));
        var reply = new RemoteReply(listener);
        try {
            var reason = receive(reply, fields, listener);
            return finish(reply, reason);
        } catch (HadalException e) {
            throw reply.hasBegun() ? keptPart(reply, e) : e;
        } finally {
            if (transcript.size() == before + 1) {
                transcript.truncate(before);
            }
        }
    }

    private FinishReason receive(RemoteReply reply, ObjectNode fields, ReplyListener listener) {
        var request = RemoteRequest.of(model, transcript, mode(), fields);
        try (var call = server.chat(request)) {
            while (true) {
                switch (call.next(listener::cancelled)) {
                    case ServerCall.Item.Event(String data)
                    when data.strip().equals("[DONE]") -> {
                        return finished(reply);
                    }
                    case ServerCall.Item.Event(String data) -> accept(reply, data);
                    case ServerCall.Item.End _ -> {
                        return finished(reply);
                    }
                    case ServerCall.Item.Cancelled _ -> {
                        return FinishReason.CANCELLED;
                    }
                    case ServerCall.Item.Failure(var failure) -> throw failure;
                    case ServerCall.Item.Body _ -> {}
                }
            }
        }
    }

    private void accept(RemoteReply reply, String data) {
        var json = RemoteServer.json(data);
        if (!json.isObject()) {
            throw server.failures().noJson(data);
        }
        var error = json.path("error");
        if (error.isObject() || error.isString()) {
            throw server.failures().told(error.path("message").asString(error.asString(error.toString())));
        }
        reply.accept(json);
    }

    private FinishReason finished(RemoteReply reply) {
        return switch (reply.finish()) {
            case "stop", "tool_calls", "function_call" -> FinishReason.END_OF_TURN;
            case "length" -> FinishReason.LENGTH;
            case "" -> throw server.failures().unfinished();
            default -> throw server.failures().ended(reply.finish());
        };
    }

    private Answer finish(RemoteReply reply, FinishReason reason) {
        boolean complete = reason == FinishReason.END_OF_TURN;
        reply.end(complete);
        var answer = new Answer(
                reply.reply(complete),
                List.of(),
                reason,
                reply.usage(),
                reply.prefillNanos(),
                reply.decodeNanos(),
                0,
                0);
        if (complete || reply.hasBegun()) {
            transcript.add(new Conversation.Entry(answer.reply().toMessage(), answer.cutOff()));
        }
        return answer;
    }

    private HadalException keptPart(RemoteReply reply, HadalException e) {
        reply.end(false);
        transcript.add(new Conversation.Entry(reply.reply(false).toMessage(), true));
        return new HadalException(e.getMessage() + " (what came is kept, marked as cut off)", e);
    }
}
