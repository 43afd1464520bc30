package ai.hadal.server.openai;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import ai.hadal.server.reply.TextRequest;
import ai.hadal.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// The prompts of a completion: a text, a list of texts, token ids, or a list of lists of those; each may
/// have a suffix, so that the model fills in what stands between the two. Special tokens are recognised in a text
/// without a suffix, since people write templates that way.
final class CompletionPrompts {

    private static final int MOST_PROMPTS = 128;
    private static final String FIELD = "prompt";

    // The model's own markers of fill-in-the-middle.
    private static final String FIM_BEGIN = "<｜fim▁begin｜>";
    private static final String FIM_HOLE = "<｜fim▁hole｜>";
    private static final String FIM_END = "<｜fim▁end｜>";

    private final Tokenizer tokenizer;
    private final boolean parseSpecial;

    /// One prompt.
    ///
    /// @param ids what the model reads
    /// @param text what the client gave
    record Prompt(int[] ids, String text) {}

    /// @param parseSpecial recognise special tokens around what is to be filled in, too
    CompletionPrompts(Tokenizer tokenizer, boolean parseSpecial) {
        this.tokenizer = tokenizer;
        this.parseSpecial = parseSpecial;
    }

    /// @throws ApiException if a prompt is missing or no prompt, or if the vocabulary has no
    ///     fill-in-the-middle
    List<Prompt> read(Fields body) {
        JsonNode value = body.required(FIELD);
        String suffix = body.string("suffix", "");
        if (value.isString()) {
            return List.of(text(value.stringValue(), suffix));
        }
        if (!value.isArray() || value.isEmpty() || value.size() > MOST_PROMPTS && !isIds(value)) {
            throw wrong(FIELD);
        }
        if (isIds(value)) {
            return List.of(ids(FIELD, value, suffix));
        }
        var prompts = new ArrayList<Prompt>();
        for (JsonNode element : value.values()) {
            String place = FIELD + "[" + prompts.size() + "]";
            prompts.add(element.isString() ? text(element.stringValue(), suffix) : ids(place, element, suffix));
        }
        return prompts;
    }

    private static boolean isIds(JsonNode list) {
        return list.get(0).isNumber();
    }

    private static ApiException wrong(String place) {
        return ApiException.invalid(
                place,
                "'" + place + "' must be a text, a list of token ids, or a list of up to " + MOST_PROMPTS
                        + " of these, none of them empty");
    }

    private Prompt text(String text, String suffix) {
        return suffix.isEmpty()
                ? new Prompt(TextRequest.ids(tokenizer, text), text)
                : new Prompt(between(content(text), suffix), text);
    }

    private Prompt ids(String place, JsonNode list, String suffix) {
        if (!list.isArray() || list.isEmpty()) {
            throw wrong(place);
        }
        int[] ids = list.values().stream().mapToInt(id -> id(place, id)).toArray();
        return new Prompt(suffix.isEmpty() ? ids : between(ids, suffix), tokenizer.decode(ids));
    }

    private int id(String place, JsonNode id) {
        if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0 || id.intValue() >= tokenizer.size()) {
            throw ApiException.invalid(
                    place, "'" + place + "' holds " + id + ", which is no token id below " + tokenizer.size());
        }
        return id.intValue();
    }

    private int[] between(int[] prefix, String suffix) {
        boolean begun = prefix.length > 0 && prefix[0] == tokenizer.bosId();
        var ids = IntStream.builder();
        ids.add(tokenizer.bosId()).add(marker(FIM_BEGIN));
        IntStream.of(prefix).skip(begun ? 1 : 0).forEach(ids);
        ids.add(marker(FIM_HOLE));
        IntStream.of(content(suffix)).forEach(ids);
        ids.add(marker(FIM_END));
        return ids.build().toArray();
    }

    private int[] content(String text) {
        return parseSpecial ? tokenizer.encode(text) : tokenizer.encodeOrdinary(text);
    }

    private int marker(String name) {
        return tokenizer
                .id(name)
                .orElseThrow(() -> ApiException.invalid(
                        "suffix", "the model cannot fill in: its vocabulary has no " + name + "; leave 'suffix' out"));
    }
}
