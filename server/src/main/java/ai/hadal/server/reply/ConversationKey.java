package ai.hadal.server.reply;

import ai.hadal.chat.ContentBlock;
import ai.hadal.chat.Message;
import ai.hadal.chat.ToolCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Names a conversation by what its client sees of it: a hash over all messages, without reasoning, ids of
/// calls, white
/// space around contents and the spelling of arguments, which clients change on their way.
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
        var digest = sha256();
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
            return MAPPER.readTree(call.argumentsJson()).toString();
        } catch (JacksonException _) {
            return call.argumentsJson();
        }
    }

    private static void update(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
