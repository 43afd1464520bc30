package ai.hadal.train.data;

import ai.hadal.chat.ChatJson;
import ai.hadal.chat.ChatPrompt;
import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// Conversations in a file of JSON lines, `{"messages": [...], "mode": "high", "tools": [...]}` each, with messages
/// and tools in the form of the OpenAI chat API. Only where each line begins is kept in memory.
///
/// Without a mode a conversation was written in `high` if one of its replies has reasoning, else in `non-think`.
public final class ChatFile {

    private static final ObjectReader TREE = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    /// One line's conversation, its tools in place.
    public record Chat(List<Message> messages, ThinkingMode mode) {}

    private final Path file;
    private final LongList starts = new LongList();
    private final LongList ends = new LongList();
    private final LongList numbers = new LongList();

    private ChatFile(Path file) {
        this.file = file;
    }

    /// Finds the lines of a file; blank ones do not count.
    ///
    /// @throws HadalException if the file cannot be read or has no conversation
    public static ChatFile open(Path file) {
        var chats = new ChatFile(file);
        try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            chats.index(in);
        } catch (IOException e) {
            throw TextRange.unreadable(file, e);
        }
        if (chats.size() == 0) {
            throw new HadalException(file + " has no conversation; give a file with one JSON object a line");
        }
        return chats;
    }

    private void index(BufferedInputStream in) throws IOException {
        long start = 0;
        boolean blank = true;
        long number = 1;
        long at = 0;
        for (int b = in.read(); ; b = in.read(), at++) {
            if (b != '\n' && b >= 0) {
                blank &= b == ' ' || b == '\r' || b == '\t';
                continue;
            }
            if (!blank) {
                starts.add(start);
                ends.add(at);
                numbers.add(number);
            }
            if (b < 0) {
                return;
            }
            start = at + 1;
            blank = true;
            number++;
        }
    }

    public int size() {
        return starts.size();
    }

    /// Where the `i`-th conversation stands, for errors.
    public String place(int i) {
        return file + ", line " + numbers.get(i);
    }

    /// The `i`-th conversation.
    ///
    /// @throws HadalException with file and line, if it is none or has no reply to learn from
    public Chat chat(int i) {
        String line = TextRange.read(file, starts.get(i), ends.get(i) - starts.get(i), place(i));
        JsonNode root;
        try {
            root = TREE.readValue(line);
        } catch (JacksonException e) {
            String at = e.getLocation() == null
                    ? ""
                    : " at column " + e.getLocation().getColumnNr();
            throw new HadalException(place(i) + ": it is not valid JSON" + at + "; write one object a line", e);
        }
        try {
            return chat(root);
        } catch (HadalException e) {
            throw new HadalException(place(i) + ": " + e.getMessage(), e);
        }
    }

    /// The `i`-th conversation as a model sees it.
    ///
    /// @throws HadalException with file and line, if it is none or has no encoding
    public String text(int i) {
        Chat chat = chat(i);
        try {
            return ChatDocuments.text(chat.messages(), chat.mode());
        } catch (HadalException e) {
            throw new HadalException(place(i) + ": " + e.getMessage(), e);
        }
    }

    private static Chat chat(JsonNode root) {
        if (!root.path("messages").isArray()) {
            throw new HadalException("it has no list `messages`; write {\"messages\": [...]}");
        }
        List<Message> messages = ChatJson.messages(root.get("messages"));
        if (messages.stream().noneMatch(Message.Assistant.class::isInstance)) {
            throw new HadalException("it has no message of the role assistant to learn from; add one or leave it out");
        }
        JsonNode tools = root.path("tools");
        if (!tools.isMissingNode() && !tools.isNull()) {
            messages = ChatPrompt.withTools(messages, ChatJson.tools(tools));
        }
        return new Chat(messages, mode(root.path("mode"), messages));
    }

    private static ThinkingMode mode(JsonNode mode, List<Message> messages) {
        if (mode.isMissingNode() || mode.isNull()) {
            return messages.stream().anyMatch(ChatFile::isReasoned) ? ThinkingMode.HIGH : ThinkingMode.NON_THINK;
        }
        return switch (mode.asString("")) {
            case "non-think" -> ThinkingMode.NON_THINK;
            case "high" -> ThinkingMode.HIGH;
            case "max" -> ThinkingMode.MAX;
            default -> throw new HadalException("there is no mode " + mode + "; choose non-think, high or max");
        };
    }

    private static boolean isReasoned(Message message) {
        return message instanceof Message.Assistant said && !said.reasoning().isEmpty();
    }
}
