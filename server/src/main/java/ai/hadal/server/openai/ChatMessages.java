package ai.hadal.server.openai;

import ai.hadal.chat.ChatJson;
import ai.hadal.chat.Message;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The messages of the chat API. Three things differ from the model's own form: a `developer` message before
/// the first user message is what the model knows as a system message, a `system` message after it is part of what
/// the model is asked, and an assistant message at the end may be a `prefix` to continue.
final class ChatMessages {

    private static final Set<String> ROLES =
            Set.of("system", "developer", "user", "assistant", "tool", "latest_reminder");

    private ChatMessages() {}

    static List<Message> read(Fields body) {
        var list = body.list("messages");
        if (list.isEmpty()) {
            throw ApiException.invalid("messages", "'messages' must be a list with at least one message");
        }
        var array = JsonNodeFactory.instance.arrayNode();
        boolean begun = false;
        for (int i = 0; i < list.size(); i++) {
            var message = new Fields(list.get(i), "messages[" + i + "]");
            String role = message.requiredString("role");
            if (!ROLES.contains(role)) {
                throw ApiException.invalid(
                        message.place("role"),
                        "'" + message.place("role") + "' is '" + role + "'; use system, developer, user, assistant or"
                                + " tool");
            }
            begun |= !role.equals("system") && !role.equals("developer");
            array.add(normal(message, role, begun, i == list.size() - 1));
        }
        return ChatJson.messages(array);
    }

    private static JsonNode normal(Fields message, String role, boolean begun, boolean last) {
        content(message, role);
        ObjectNode json = ((ObjectNode) message.json()).deepCopy();
        // What the model's own form would take from a message, a request says elsewhere.
        json.remove(List.of("tools", "response_format", "task", "wo_eos"));
        if (role.equals("developer") && !begun) {
            json.put("role", "system");
        }
        if (role.equals("system") && begun) {
            json.put("role", "user");
        }
        if (role.equals("assistant")) {
            for (JsonNode call : json.path("tool_calls")) {
                arguments(call.path("function"));
            }
            if (!json.has("reasoning_content") && json.path("reasoning").isString()) {
                json.set("reasoning_content", json.get("reasoning"));
            }
            if (last && message.bool("prefix", false)) {
                json.put("wo_eos", true);
            }
        }
        return json;
    }

    private static void arguments(JsonNode function) {
        if (function.path("arguments").isString()) {
            ((ObjectNode) function)
                    .put(
                            "arguments",
                            ToolFields.arguments(function.path("arguments").stringValue()));
        }
    }

    /// Content is a string or a list of parts, and may be missing only where calls stand for it.
    private static void content(Fields message, String role) {
        JsonNode content = message.value("content");
        boolean said = role.equals("assistant");
        if (content == null && !said) {
            message.required("content");
        }
        if (content != null && !content.isString() && !content.isArray()) {
            throw ApiException.invalid(
                    message.place("content"), "'" + message.place("content") + "' must be a string or a list of parts");
        }
    }
}
