package ai.hadal.server.openai;

import java.io.IOException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An output item of one call while it grows. The text of a custom tool comes as one of the arguments, so it is told
/// when they are complete.
final class ResponseCall {

    private final boolean custom;
    private final ObjectNode item;
    private final int outputIndex;
    private final ResponseSink sink;
    private final StringBuilder arguments = new StringBuilder();

    private ResponseCall(boolean custom, ObjectNode item, int outputIndex, ResponseSink sink) {
        this.custom = custom;
        this.item = item;
        this.outputIndex = outputIndex;
        this.sink = sink;
    }

    /// What the ids of such items begin with.
    static String prefix(ResponseTools.Tool tool) {
        return tool.custom() ? "ctc" : "fc";
    }

    /// Begins an item.
    static ResponseCall begin(ResponseTools.Tool tool, String id, String callId, int outputIndex, ResponseSink sink)
            throws IOException {
        ObjectNode item = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("type", tool.custom() ? "custom_tool_call" : "function_call")
                .put("status", "in_progress")
                .put("call_id", callId)
                .put("name", tool.name());
        if (tool.namespace() != null) {
            item.put("namespace", tool.namespace());
        }
        var call =
                new ResponseCall(tool.custom(), item.put(tool.custom() ? "input" : "arguments", ""), outputIndex, sink);
        ObjectNode added = ResponseText.place(outputIndex);
        added.set("item", item.deepCopy());
        sink.event("response.output_item.added", added);
        return call;
    }

    private ObjectNode place() {
        return ResponseText.place(outputIndex).put("item_id", item.path("id").stringValue(""));
    }

    void grow(String piece) throws IOException {
        arguments.append(piece);
        if (!custom) {
            sink.event("response.function_call_arguments.delta", place().put("delta", piece));
        }
    }

    /// Tells that the arguments are complete.
    void complete(String whole) throws IOException {
        if (!custom) {
            sink.event(
                    "response.function_call_arguments.done",
                    place().put("name", item.path("name").stringValue("")).put("arguments", whole));
            return;
        }
        String input = input(whole);
        item.put("input", input);
        if (!input.isEmpty()) {
            sink.event("response.custom_tool_call_input.delta", place().put("delta", input));
        }
        sink.event("response.custom_tool_call_input.done", place().put("input", input));
    }

    /// What is no object with that text makes the call void, so it matters little what is told of it.
    private static String input(String arguments) {
        try {
            return JsonMapper.shared()
                    .readTree(arguments)
                    .path(ResponseTools.INPUT)
                    .asString("");
        } catch (JacksonException _) {
            return "";
        }
    }

    /// Ends the item.
    ///
    /// @return the whole item
    ObjectNode end(String status) throws IOException {
        item.put("status", status);
        if (!custom) {
            item.put("arguments", arguments.toString());
        }
        ObjectNode done = ResponseText.place(outputIndex);
        done.set("item", item.deepCopy());
        sink.event("response.output_item.done", done);
        return item;
    }
}
