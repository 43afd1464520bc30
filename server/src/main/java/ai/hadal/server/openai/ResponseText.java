package ai.hadal.server.openai;

import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An output item of one text while it grows: reasoning or a message.
final class ResponseText {

    /// What the text is.
    enum Kind {
        REASONING("rs", "reasoning", "content", "reasoning_text"),
        /// Reasoning told as its own summary.
        SUMMARY("rs", "reasoning", "summary", "summary_text"),
        MESSAGE("msg", "message", "content", "output_text");

        private final String prefix;
        private final String item;
        private final String list;
        private final String part;

        /// @param list the field of the item with its parts
        Kind(String prefix, String item, String list, String part) {
            this.prefix = prefix;
            this.item = item;
            this.list = list;
            this.part = part;
        }

        /// What the ids of its items begin with.
        String prefix() {
            return prefix;
        }

        private String partEvent(String what) {
            return (this == SUMMARY ? "response.reasoning_summary_part." : "response.content_part.") + what;
        }

        private String textEvent(String what) {
            return "response." + (this == SUMMARY ? "reasoning_summary_text" : part) + "." + what;
        }
    }

    private final Kind kind;
    private final String id;
    private final int outputIndex;
    private final ResponseSink sink;
    private final StringBuilder text = new StringBuilder();
    private final ArrayNode logprobs = JsonNodeFactory.instance.arrayNode();

    private ResponseText(Kind kind, String id, int outputIndex, ResponseSink sink) {
        this.kind = kind;
        this.id = id;
        this.outputIndex = outputIndex;
        this.sink = sink;
    }

    /// Begins an item.
    static ResponseText begin(Kind kind, String id, int outputIndex, ResponseSink sink) throws IOException {
        var item = new ResponseText(kind, id, outputIndex, sink);
        ObjectNode added = place(outputIndex);
        added.set("item", item.json("in_progress", JsonNodeFactory.instance.arrayNode()));
        sink.event("response.output_item.added", added);
        ObjectNode part = item.place();
        part.set("part", item.part());
        sink.event(kind.partEvent("added"), part);
        return item;
    }

    static ObjectNode place(int outputIndex) {
        return JsonNodeFactory.instance.objectNode().put("output_index", outputIndex);
    }

    private ObjectNode place() {
        return place(outputIndex).put("item_id", id).put(kind.list + "_index", 0);
    }

    Kind kind() {
        return kind;
    }

    /// @param added log probabilities of the piece's tokens; none if they were not asked for
    void grow(String piece, JsonNode added) throws IOException {
        text.append(piece);
        ObjectNode delta = place().put("delta", piece);
        if (kind == Kind.MESSAGE) {
            added.values().forEach(logprobs::add);
            delta.set("logprobs", added.isArray() ? added : JsonNodeFactory.instance.arrayNode());
        }
        sink.event(kind.textEvent("delta"), delta);
    }

    /// Ends the item.
    ///
    /// @param sealed whether reasoning is told in a form to send back, too
    /// @return the whole item
    ObjectNode end(String status, boolean sealed) throws IOException {
        ObjectNode done = place().put("text", text.toString());
        if (kind == Kind.MESSAGE) {
            done.set("logprobs", logprobs.deepCopy());
        }
        sink.event(kind.textEvent("done"), done);
        ObjectNode part = place();
        part.set("part", part());
        sink.event(kind.partEvent("done"), part);
        ObjectNode item = json(status, JsonNodeFactory.instance.arrayNode().add(part()));
        if (sealed && kind != Kind.MESSAGE) {
            item.put("encrypted_content", SealedReasoning.of(text.toString()));
        }
        ObjectNode whole = place(outputIndex);
        whole.set("item", item);
        sink.event("response.output_item.done", whole);
        return item;
    }

    private ObjectNode json(String status, ArrayNode content) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("type", kind.item)
                .put("status", status);
        if (kind == Kind.MESSAGE) {
            json.put("role", "assistant");
        } else {
            json.putArray("summary");
        }
        json.set(kind.list, content);
        return json;
    }

    private ObjectNode part() {
        ObjectNode part =
                JsonNodeFactory.instance.objectNode().put("type", kind.part).put("text", text.toString());
        if (kind == Kind.MESSAGE) {
            part.putArray("annotations");
            part.set("logprobs", logprobs.deepCopy());
        }
        return part;
    }
}
