package ai.hadal.server.openai;

import ai.hadal.chat.Message;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.http.Fields;
import ai.hadal.server.http.ModelNames;
import ai.hadal.server.reply.ChatRequest;
import ai.hadal.server.reply.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads requests of the responses API.
final class ResponseFields {

    private static final String LOGPROBS = "message.output_text.logprobs";

    private final ModelNames models;
    private final ResponseStore store;
    private final int vocabulary;

    ResponseFields(ModelNames models, ResponseStore store, int vocabulary) {
        this.models = models;
        this.store = store;
        this.vocabulary = vocabulary;
    }

    /// @param tenant whose earlier responses the request may go on from
    /// @throws ApiException if it is wrong
    ResponseRequest read(Fields body, String tenant) {
        refuseWhatIsElsewhere(body);
        boolean logprobs = body.strings("include").contains(LOGPROBS);
        int top = body.integer("top_logprobs", 0, 0, SamplingFields.MOST_LOGPROBS);
        var settings = SamplingFields.read(
                body, body.integer("max_output_tokens", 0, 1, Integer.MAX_VALUE), logprobs ? top : -1, vocabulary);
        var tools = ResponseTools.read(body);
        var text = body.object("text");
        var chat = new ChatRequest(
                List.of(),
                tools.definitions(),
                ToolFields.choice(body, tools.definitions()),
                body.bool("parallel_tool_calls", true),
                text == null ? Format.FREE : format(text.object("format")),
                ThinkingFields.mode(body, models.mode(body.string("model"))),
                ThinkingFields.budget(body),
                settings);
        return new ResponseRequest(
                body.string("instructions"),
                conversation(body, tenant),
                body.oneOf("truncation", "disabled", Set.of("auto", "disabled")).equals("auto"),
                chat,
                tools,
                ReasoningForm.read(body),
                ResponseEcho.of(body, settings, tools.told()),
                body.bool("store", true));
    }

    private static void refuseWhatIsElsewhere(Fields body) {
        if (body.bool("background", false)) {
            throw ApiException.invalid(
                    "background", "'background' is not supported: this server answers at once; stream the response");
        }
        if (body.integer("n", 1, 1, Integer.MAX_VALUE) != 1) {
            throw ApiException.invalid("n", "'n' must be 1: a response is one answer; send several requests");
        }
        for (String field : new String[] {"conversation", "prompt"}) {
            if (body.has(field)) {
                throw ApiException.invalid(
                        field,
                        "'" + field + "' is not supported: this server keeps none; use 'input', 'instructions' and"
                                + " 'previous_response_id'");
            }
        }
    }

    private List<Message> conversation(Fields body, String tenant) {
        var conversation = new ArrayList<Message>();
        String previous = body.string("previous_response_id");
        if (previous != null) {
            var known = store.get(previous, tenant);
            if (known == null) {
                throw new ApiException(
                        Kind.INVALID_REQUEST,
                        "previous_response_not_found",
                        "previous_response_id",
                        "there is no response '" + previous + "' here (any more); send the whole conversation");
            }
            conversation.addAll(known.conversation());
        }
        conversation.addAll(ResponseInput.read(body, !conversation.isEmpty(), id -> item(id, tenant)));
        return conversation;
    }

    /// An output item of a stored response: its id names the response, see [ResponseItems].
    private @Nullable JsonNode item(String id, String tenant) {
        String[] parts = id.split("_", -1);
        var known = parts.length == 3 ? store.get(Heading.RESPONSE + parts[1], tenant) : null;
        if (known != null) {
            for (JsonNode item : known.response().path("output").values()) {
                if (item.path("id").stringValue("").equals(id)) {
                    return item;
                }
            }
        }
        return null;
    }

    private static Format format(@Nullable Fields format) {
        if (format == null) {
            return Format.FREE;
        }
        return switch (format.oneOf("type", "text", Set.of("text", "json_object", "json_schema"))) {
            case "json_object" -> new Format.JsonObject();
            case "json_schema" -> {
                format.requiredString("name");
                yield new Format.JsonSchema(
                        new Fields(format.required("schema"), format.place("schema")).json(),
                        format.bool("strict", false));
            }
            default -> Format.FREE;
        };
    }
}
