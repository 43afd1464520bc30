package ai.hadal.server.reply;

import ai.hadal.chat.ContentBlock;
import ai.hadal.chat.Message;
import ai.hadal.chat.ToolCall;
import ai.hadal.model.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Names a conversation by what its client sees of it: a hash over all messages, without reasoning, ids of
/// calls, white space around contents and the spelling of arguments, which clients change on their way.
final class ConversationKey {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private ConversationKey() {}

    /// The key after each message: key i covers messages 0 to i.
    static List<String> after(List<Message> messages) {
        var keys = new ArrayList<String>(messages.size());
        byte[] state = {};
        for (var message : messages) {
            state = next(state, message);
            keys.add(HexFormat.of().formatHex(state));
        }
        return keys;
    }

    private static byte[] next(byte[] before, Message message) {
        var digest = Sha256.digest();
        digest.update(before);
        parts(message).forEach(part -> update(digest, part));
        return digest.digest();
    }

    private static List<String> parts(Message message) {
        return switch (message) {
            case Message.System system -> List.of("system", system.content().strip());
            case Message.Developer developer ->
                List.of("developer", developer.content().strip());
            case Message.User user -> contents("user", user.content());
            case Message.Reminder reminder ->
                List.of("reminder", reminder.content().strip());
            case Message.Tool tool -> contents("tool", tool.content());
            case Message.Other other -> List.of("other", other.role());
            case Message.Assistant assistant -> {
                var parts =
                        new ArrayList<>(List.of("assistant", assistant.content().strip()));
                for (var call : assistant.toolCalls()) {
                    parts.add(call.name());
                    parts.add(arguments(call));
                }
                yield parts;
            }
        };
    }

    private static List<String> contents(String role, List<ContentBlock> blocks) {
        var parts = new ArrayList<>(List.of(role));
        for (var block : blocks) {
            parts.add(
                    switch (block) {
                        case ContentBlock.Text(String text) -> text.strip();
                        case ContentBlock.Unsupported(String type) -> type;
                    });
        }
        return parts;
    }

    private static String arguments(ToolCall call) {
        try {
            var json = new StringBuilder();
            write(MAPPER.readTree(call.argumentsJson()), json);
            return json.toString();
        } catch (JacksonException _) {
            return call.argumentsJson();
        }
    }

    /// Members in the order of their names, and numbers by their value: JavaScript makes 1 of 1.0, and Go sorts.
    private static void write(JsonNode value, StringBuilder json) {
        if (value.isObject()) {
            json.append('{');
            new TreeMap<>(value.properties().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                    .forEach((name, member) -> {
                        json.append(JsonNodeFactory.instance.stringNode(name)).append(':');
                        write(member, json);
                        json.append(',');
                    });
            json.append('}');
        } else if (value.isArray()) {
            json.append('[');
            for (JsonNode element : value.values()) {
                write(element, json);
                json.append(',');
            }
            json.append(']');
        } else if (value.isNumber()) {
            json.append(value.decimalValue().stripTrailingZeros());
        } else {
            json.append(value);
        }
    }

    private static void update(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }
}
