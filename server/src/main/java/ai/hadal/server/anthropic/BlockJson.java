package ai.hadal.server.anthropic;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Content blocks of answers.
final class BlockJson {

    private BlockJson() {}

    /// Without `citations`: there are none, and the AI SDK takes null for a fault.
    static ObjectNode text(String text) {
        return block("text").put("text", text);
    }

    static ObjectNode thinking(String thinking, String signature) {
        return block("thinking").put("thinking", thinking).put("signature", signature);
    }

    /// @param callId as the server names the call
    static ObjectNode toolUse(String callId, String name, JsonNode input) {
        ObjectNode json = block("tool_use")
                .put("id", "toolu_" + callId.substring(callId.indexOf('_') + 1))
                .put("name", name);
        json.set("input", input);
        json.putObject("caller").put("type", "direct");
        return json;
    }

    private static ObjectNode block(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
