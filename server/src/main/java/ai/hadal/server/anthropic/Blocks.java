package ai.hadal.server.anthropic;

import ai.hadal.chat.ContentBlock;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Content blocks of requests.
final class Blocks {

    private static final String ERROR = "Error";

    private Blocks() {}

    /// The blocks in a field, which may be a string instead: that is one block of text.
    static List<Fields> of(Fields object, String name) {
        JsonNode content = object.required(name);
        String place = object.place(name);
        if (content.isString()) {
            JsonNode text =
                    JsonNodeFactory.instance.objectNode().put("type", "text").put("text", content.stringValue());
            return List.of(new Fields(text, place));
        }
        if (!content.isArray()) {
            throw ApiException.invalid(place, "'" + place + "' must be a string or a list of content blocks");
        }
        return IntStream.range(0, content.size())
                .mapToObj(i -> new Fields(content.get(i), place + "[" + i + "]"))
                .toList();
    }

    static String type(Fields block) {
        return block.requiredString("type");
    }

    /// The text of a block that must be text.
    static String text(Fields block) {
        if (!type(block).equals("text")) {
            throw unsupported(block, "text");
        }
        return block.requiredString("text");
    }

    /// @param instead what may stand there
    static ApiException unsupported(Fields block, String instead) {
        return ApiException.invalid(
                block.place("type"),
                "'" + block.place("type") + "' is '" + type(block) + "', but here the model reads only " + instead
                        + "; leave the block out or say it in text");
    }

    /// What a tool gave. Of an image or a document the model is told that it was there.
    static List<ContentBlock> result(Fields result) {
        var blocks = new ArrayList<ContentBlock>();
        if (result.has("content")) {
            for (Fields block : of(result, "content")) {
                blocks.add(
                        type(block).equals("text")
                                ? new ContentBlock.Text(text(block))
                                : new ContentBlock.Unsupported(type(block)));
            }
        }
        if (result.bool("is_error", false)) {
            markError(blocks);
        } else if (blocks.isEmpty()) {
            blocks.add(new ContentBlock.Text(""));
        }
        return blocks;
    }

    /// The model knows of errors only by the text.
    private static void markError(List<ContentBlock> blocks) {
        if (blocks.isEmpty()) {
            blocks.add(new ContentBlock.Text(ERROR));
        } else if (!(blocks.getFirst() instanceof ContentBlock.Text(String text))) {
            blocks.addFirst(new ContentBlock.Text(ERROR + ":"));
        } else if (!text.strip().toLowerCase(Locale.ROOT).startsWith(ERROR.toLowerCase(Locale.ROOT))) {
            blocks.set(0, new ContentBlock.Text(ERROR + ": " + text));
        }
    }
}
