package ai.hadal;

import ai.hadal.chat.ChatEncoder;
import ai.hadal.chat.ChatOptions;
import ai.hadal.chat.Markers;
import ai.hadal.chat.Message;
import ai.hadal.chat.ReplyEvent;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.engine.Engine;
import ai.hadal.engine.FinishReason;
import ai.hadal.engine.Session;
import ai.hadal.error.HadalException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A conversation with a model: its messages and a session that knows them. Each reply encodes the whole
/// conversation; the session computes only what it has not seen. Used by one thread at a time.
///
/// **The history is always whole.** A reply that fails leaves no trace, nor does one that is cancelled
/// before its first token. One that is cancelled later, or cut off by a limit, stays as far as it came,
/// marked as cut off.
///
/// **What messages say is text.** Special tokens in it do not count ([ReplyOptions#parseSpecial]).
public final class Conversation {

    /// A message of the history.
    ///
    /// @param cutOff a reply that ended before the model was done
    public record Entry(Message message, boolean cutOff) {}

    private final Session session;
    private final Transcript transcript;

    /// An empty conversation that answers without reasoning.
    ///
    /// @throws HadalException if the checkpoint brings no tokenizer
    public Conversation(Engine engine) {
        this(engine, new Transcript());
    }

    private Conversation(Engine engine, Transcript transcript) {
        engine.tokenizer();
        this.session = engine.newSession();
        this.transcript = transcript;
    }

    /// A conversation saved by [#save], or any JSON list of messages in the form of the OpenAI chat API.
    ///
    /// @throws HadalException if the file is missing or is no conversation
    public static Conversation load(Engine engine, Path file) {
        return new Conversation(engine, Transcript.load(file));
    }

    /// Saves messages and mode as JSON; the file replaces an older one only when complete.
    public void save(Path file) {
        transcript.save(file);
    }

    /// All messages so far, the system prompt included.
    public List<Entry> history() {
        return transcript.entries();
    }

    public List<Message> messages() {
        return transcript.messages();
    }

    public ThinkingMode mode() {
        return transcript.mode();
    }

    /// How much the next replies reason.
    public void setMode(ThinkingMode mode) {
        transcript.setMode(mode);
    }

    /// The standing instructions, "" if there are none.
    public String systemPrompt() {
        return transcript.systemPrompt();
    }

    /// Replaces the standing instructions; "" takes them out. Tools that were given with them stay.
    public void setSystemPrompt(String prompt) {
        transcript.setSystemPrompt(prompt);
    }

    /// Adds a message without asking for a reply, such as a system message with tools or the result of a call.
    public void add(Message message) {
        transcript.add(message);
    }

    /// Says something and returns the answer, which is part of the history from then on.
    ///
    /// @throws HadalException if the conversation no longer fits the context; the history is then as before
    public Answer reply(String text, ReplyOptions options, ReplyListener listener) {
        return reply(new Message.User(text), options, listener);
    }

    /// As [#reply(String, ReplyOptions, ReplyListener)] for any message that a reply may follow.
    public Answer reply(Message message, ReplyOptions options, ReplyListener listener) {
        int before = transcript.size();
        transcript.add(message);
        boolean answered = false;
        try {
            var answer = reply(options, listener);
            answered = transcript.size() > before + 1;
            return answer;
        } finally {
            if (!answered) {
                transcript.truncate(before);
            }
        }
    }

    /// Answers the history as it stands, for example after results of calls were added.
    ///
    /// @throws HadalException if there is nothing to answer or the conversation no longer fits the context
    public Answer reply(ReplyOptions options, ReplyListener listener) {
        var messages = messages();
        if (messages.isEmpty() || messages.getLast() instanceof Message.Assistant) {
            throw new HadalException("the conversation has no message to answer; add one first");
        }
        var prompt = ChatEncoder.encode(messages, ChatOptions.of(mode()).withParseSpecial(options.parseSpecial()));
        var stream = prompt.replyStream();
        int turn = messages.size();
        var collected = new ReplyCollector(index -> "call_" + turn + "_" + index);
        Consumer<ReplyEvent> sink = event -> {
            collected.accept(event);
            listener.event(event);
        };
        var result = Completion.generate(
                session,
                prompt.ids(session.engine().tokenizer()),
                prompt.opensReasoning() ? reasoningEnd() : -1,
                options,
                listener,
                piece -> stream.accept(piece, sink));
        stream.finish(result.reason() == FinishReason.END_OF_TURN, sink);
        var answer = new Answer(
                collected.reply(),
                collected.malformed(),
                result.reason(),
                result.usage(),
                result.prefillNanos(),
                result.decodeNanos(),
                result.drafted(),
                result.accepted());
        if (result.usage().output() > 0) {
            transcript.add(new Entry(answer.reply().toMessage(), answer.cutOff()));
        }
        return answer;
    }

    /// Takes back the last exchange: the last user message and all that followed it.
    ///
    /// @return the text of that message, empty if there is none
    public Optional<String> undo() {
        return transcript.undo();
    }

    /// Forgets all messages but the system prompt.
    public void clear() {
        transcript.clear();
    }

    private int reasoningEnd() {
        return session.engine().tokenizer().id(Markers.THINK_END).orElse(-1);
    }
}
