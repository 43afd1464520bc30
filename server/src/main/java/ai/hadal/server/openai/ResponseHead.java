package ai.hadal.server.openai;

import ai.hadal.server.reply.Finish;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The response object in all its states.
///
/// @param echo what the request asked for
record ResponseHead(Heading heading, ObjectNode echo) {

    /// Names the response and its items.
    String id() {
        return heading.id();
    }

    /// A response that grows.
    ObjectNode growing() {
        return json("in_progress", null, List.of(), null);
    }

    /// A response that has ended.
    ///
    /// @param output the items of the answer
    ObjectNode ended(List<ObjectNode> output, Finish finish) {
        boolean whole = !FinishJson.reason(finish).equals("length");
        ObjectNode json = json(whole ? "completed" : "incomplete", whole ? null : "max_output_tokens", output, null);
        json.set("usage", usage(finish));
        json.set("timings", UsageJson.timings(finish));
        finish.tellFaults(json);
        return json;
    }

    /// A response that something went wrong with.
    ///
    /// @param output the items so far
    ObjectNode failed(List<ObjectNode> output, String message) {
        return json("failed", null, output, message);
    }

    private ObjectNode json(
            String status, @Nullable String incomplete, List<ObjectNode> output, @Nullable String failure) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", heading.id())
                .put("object", "response")
                .put("created_at", heading.created())
                .put("status", status)
                .put("model", heading.model());
        json.putNull("error").putNull("incomplete_details");
        if (incomplete != null) {
            json.putObject("incomplete_details").put("reason", incomplete);
        }
        if (failure != null) {
            json.putObject("error").put("code", "server_error").put("message", failure);
        }
        json.setAll(echo.deepCopy());
        var items = json.putArray("output");
        output.forEach(item -> items.add(item.deepCopy()));
        return json.putNull("usage");
    }

    private static ObjectNode usage(Finish finish) {
        var usage = finish.usage();
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("input_tokens", usage.prompt());
        json.putObject("input_tokens_details")
                .put("cached_tokens", usage.cached())
                .put("cache_write_tokens", 0);
        json.put("output_tokens", usage.output());
        json.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoning());
        return json.put("total_tokens", usage.prompt() + usage.output());
    }
}
