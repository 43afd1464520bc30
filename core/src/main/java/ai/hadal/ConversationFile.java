package ai.hadal;

import ai.hadal.chat.ChatJson;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.checkpoint.AtomicFile;
import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A conversation as a file: `{"version": 1, "mode": "high", "messages": [...]}` with messages in the form
/// [ChatJson] reads, where `cut_off` marks a reply that ended early.
final class ConversationFile {

    private static final int VERSION = 1;
    private static final JsonMapper MAPPER = JsonMapper.shared();

    record Saved(List<Conversation.Entry> history, ThinkingMode mode) {}

    private ConversationFile() {}

    static void save(Path file, List<Conversation.Entry> history, ThinkingMode mode) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", VERSION).put("mode", modeName(mode));
        var messages = json.putArray("messages");
        for (var entry : history) {
            var message = MessageJson.of(entry.message());
            if (entry.cutOff()) {
                message.put("cut_off", true);
            }
            messages.add(message);
        }
        byte[] bytes = (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            AtomicFile.write(file, out -> out.write(bytes));
        } catch (IOException e) {
            throw new HadalException(
                    "cannot save the conversation to " + file + " ("
                            + e.getClass().getSimpleName() + "); choose another place",
                    e);
        }
    }

    static Saved load(Path file) {
        JsonNode json = read(file);
        try {
            JsonNode list = json.isArray() ? json : json.path("messages");
            if (json.path("version").asInt(VERSION) > VERSION) {
                throw new HadalException("it was saved by a newer Hadal; load it there");
            }
            if (!list.isArray()) {
                throw new HadalException(
                        "it has no list of messages; choose a file that /save or Conversation.save wrote");
            }
            var messages = ChatJson.messages(list);
            var history = new ArrayList<Conversation.Entry>();
            for (int i = 0; i < messages.size(); i++) {
                history.add(new Conversation.Entry(
                        messages.get(i), list.get(i).path("cut_off").asBoolean(false)));
            }
            return new Saved(history, mode(json.path("mode").asString("non-think")));
        } catch (HadalException e) {
            throw new HadalException("cannot load the conversation " + file + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode read(Path file) {
        try {
            return MAPPER.readTree(Files.readString(file));
        } catch (JacksonException e) {
            throw new HadalException(
                    "cannot load the conversation " + file + ": it is no JSON (" + e.getOriginalMessage()
                            + "); choose another file",
                    e);
        } catch (NoSuchFileException e) {
            throw new HadalException("there is no file " + file + "; check the name", e);
        } catch (IOException e) {
            throw new HadalException(
                    "cannot read " + file + " (" + e.getClass().getSimpleName() + "); choose a text file you may read",
                    e);
        }
    }

    private static ThinkingMode mode(String name) {
        for (var mode : ThinkingMode.values()) {
            if (modeName(mode).equals(name)) {
                return mode;
            }
        }
        throw new HadalException("its mode is '" + name + "'; use non-think, high or max");
    }

    private static String modeName(ThinkingMode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
