package ai.hadal;

import ai.hadal.chat.ContentBlock;
import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What was said in a conversation so far, whoever answers, and how much the next replies reason. Used by one
/// thread at a time.
public final class Transcript {

    private final List<Conversation.Entry> entries = new ArrayList<>();
    private ThinkingMode mode = ThinkingMode.NON_THINK;

    /// A transcript saved by [#save], or any JSON list of messages in the form of the OpenAI chat API.
    ///
    /// @throws HadalException if the file is missing or is no conversation
    public static Transcript load(Path file) {
        var saved = ConversationFile.load(file);
        var transcript = new Transcript();
        transcript.entries.addAll(saved.history());
        transcript.mode = saved.mode();
        return transcript;
    }

    /// Saves messages and mode as JSON; the file replaces an older one only when complete.
    ///
    /// @throws HadalException if it can't be written
    public void save(Path file) {
        ConversationFile.save(file, entries, mode);
    }

    /// All messages so far, the system prompt included.
    public List<Conversation.Entry> entries() {
        return List.copyOf(entries);
    }

    public List<Message> messages() {
        return entries.stream().map(Conversation.Entry::message).toList();
    }

    /// The messages in the form of the OpenAI chat API, with the official encoding's additions.
    public ArrayNode toJson() {
        var json = JsonNodeFactory.instance.arrayNode();
        entries.forEach(entry -> json.add(MessageJson.of(entry.message())));
        return json;
    }

    public ThinkingMode mode() {
        return mode;
    }

    public void setMode(ThinkingMode mode) {
        this.mode = mode;
    }

    /// The standing instructions, "" if there are none.
    public String systemPrompt() {
        return !entries.isEmpty() && entries.getFirst().message() instanceof Message.System system
                ? system.content()
                : "";
    }

    /// Replaces the standing instructions; "" takes them out. Tools that were given with them stay.
    public void setSystemPrompt(String prompt) {
        if (!entries.isEmpty() && entries.getFirst().message() instanceof Message.System system) {
            boolean bare = system.tools().isEmpty() && system.responseFormat() == null;
            if (prompt.isEmpty() && bare) {
                entries.removeFirst();
            } else {
                entries.set(
                        0, entry(new Message.System(prompt, system.tools(), system.responseFormat(), system.task())));
            }
        } else if (!prompt.isEmpty()) {
            entries.addFirst(entry(new Message.System(prompt)));
        }
    }

    public void add(Message message) {
        entries.add(entry(message));
    }

    public void add(Conversation.Entry entry) {
        entries.add(entry);
    }

    public int size() {
        return entries.size();
    }

    /// Forgets all but the first `size` messages.
    public void truncate(int size) {
        entries.subList(size, entries.size()).clear();
    }

    /// Takes back the last exchange: the last user message and all that followed it.
    ///
    /// @return the text of that message, empty if there is none
    public Optional<String> undo() {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).message() instanceof Message.User user) {
                truncate(i);
                return Optional.of(text(user));
            }
        }
        return Optional.empty();
    }

    /// Forgets all messages but the system prompt.
    public void clear() {
        truncate(!entries.isEmpty() && entries.getFirst().message() instanceof Message.System ? 1 : 0);
    }

    /// The text of a message, its parts as paragraphs.
    private static String text(Message.User user) {
        return user.content().stream()
                .filter(ContentBlock.Text.class::isInstance)
                .map(block -> ((ContentBlock.Text) block).text())
                .collect(Collectors.joining("\n\n"));
    }

    private static Conversation.Entry entry(Message message) {
        return new Conversation.Entry(message, false);
    }
}
