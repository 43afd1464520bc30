package ai.hadal.server.anthropic;

import ai.hadal.engine.SamplingOptions;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import ai.hadal.server.reply.ChatRequest;
import ai.hadal.server.reply.Format;
import ai.hadal.server.reply.Settings;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Bodies of the Messages API as conversations to answer. What tunes Anthropic's own service, such as
/// `cache_control`, `metadata` and `service_tier`, is passed over: the prefix cache needs no marks.
final class Requests {

    private static final int MOST_STOPS = 128;
    private static final double WARMEST = 2;

    private Requests() {}

    /// A body of `/v1/messages`.
    ///
    /// @throws ApiException if it is wrong
    static ChatRequest message(Fields body) {
        if (body.has("thread")) {
            throw new ApiException(
                    ApiException.Kind.INVALID_REQUEST,
                    AnthropicDialect.NO_THREADS,
                    "thread",
                    "'thread' is not supported: this server keeps no conversations; send all messages every time");
        }
        body.required("max_tokens");
        return request(body, body.integer("max_tokens", 1, 1, Integer.MAX_VALUE));
    }

    /// A body of `/v1/messages/count_tokens`, which says nothing of how to answer.
    ///
    /// @throws ApiException if it is wrong
    static ChatRequest conversation(Fields body) {
        return request(body, 1);
    }

    private static ChatRequest request(Fields body, int maxTokens) {
        if (!body.list("mcp_servers").isEmpty()) {
            throw ApiException.invalid(
                    "mcp_servers",
                    "'mcp_servers' is not supported, as this server calls no others; offer their tools in 'tools'");
        }
        var thinking = Thinking.read(body);
        var tools = Tools.read(body);
        return new ChatRequest(
                Conversation.read(body),
                tools,
                Tools.choice(body, tools),
                Tools.parallel(body),
                format(body),
                thinking.mode(),
                thinking.maxTokens(),
                new Settings(sampling(body), maxTokens, body.texts("stop_sequences", MOST_STOPS), 1, -1, 0));
    }

    private static SamplingOptions sampling(Fields body) {
        return new SamplingOptions(
                body.number("temperature", 1, 0, WARMEST),
                body.integer("top_k", 0, 0, Integer.MAX_VALUE),
                Settings.topP(body.number("top_p", 1, 0, 1)),
                0,
                1,
                0,
                0,
                Map.of(),
                ThreadLocalRandom.current().nextLong());
    }

    /// The format is a field of `output_config`, and was one of the body before.
    private static Format format(Fields body) {
        var config = body.object("output_config");
        var format = config == null || !config.has("format") ? body.object("output_format") : config.object("format");
        if (format == null) {
            return Format.FREE;
        }
        format.required("type");
        format.oneOf("type", "", Set.of("json_schema"));
        var schema = new Fields(format.required("schema"), format.place("schema"));
        return new Format.JsonSchema(schema.json(), true);
    }
}
