package ai.hadal.server.anthropic;

import ai.hadal.chat.ContentBlock;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

    /// What the model can read of a block: text, documents of text and results of a search; null of any other.
    static @Nullable ContentBlock readable(Fields block) {
        String text = switch (type(block)) {
            case "text" -> text(block);
            case "document" -> document(block);
            case "search_result" -> titled(block, block.requiredString("source") + "\n" + texts(of(block, "content")));
            default -> null;
        };
        return text == null ? null : new ContentBlock.Text(text);
    }

    private static @Nullable String document(Fields block) {
        var source = block.object("source");
        if (source == null) {
            return null;
        }
        return switch (source.string("type", "")) {
            case "text" -> titled(block, source.requiredString("data"));
            case "content" -> titled(block, texts(of(source, "content")));
            default -> null;
        };
    }

    private static String titled(Fields block, String text) {
        String title = block.string("title");
        return title == null ? text : title + "\n" + text;
    }

    private static String texts(List<Fields> blocks) {
        return blocks.stream().map(Blocks::text).collect(Collectors.joining("\n\n"));
    }

    /// @param instead what may stand there
    static ApiException unsupported(Fields block, String instead) {
        return ApiException.invalid(
                block.place("type"),
                "'" + block.place("type") + "' is '" + type(block) + "', but here the model reads only " + instead
                        + "; leave the block out or say it in text");
    }

    /// What a tool gave. Of what the model cannot read, such as an image, it is told that it was there.
    static List<ContentBlock> result(Fields result) {
        var blocks = new ArrayList<ContentBlock>();
        if (result.has("content")) {
            for (Fields block : of(result, "content")) {
                var readable = readable(block);
                blocks.add(readable == null ? new ContentBlock.Unsupported(type(block)) : readable);
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
