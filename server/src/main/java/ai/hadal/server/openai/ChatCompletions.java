package ai.hadal.server.openai;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Call;
import ai.hadal.server.http.Endpoint;
import ai.hadal.server.http.EventStream;
import ai.hadal.server.http.Fields;
import ai.hadal.server.http.ModelNames;
import ai.hadal.server.reply.ChatRequest;
import ai.hadal.server.reply.Exchange;
import ai.hadal.server.reply.ReplyService;
import ai.hadal.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.List;

/// `POST /v1/chat/completions`: the chat API of OpenAI with DeepSeek's thinking, prefixes and cache counts.
public final class ChatCompletions implements Endpoint {

    private final ReplyService service;
    private final ModelNames models;

    public ChatCompletions(ReplyService service, ModelNames models) {
        this.service = service;
        this.models = models;
    }

    @Override
    public void handle(Call call) throws IOException {
        Fields body = call.body();
        var request = request(body);
        boolean stream = body.bool("stream", false);
        boolean usage = UsageJson.wanted(body);
        var heading = Heading.of("chatcmpl-", body.string("model", models.served()));
        call.tellUnenforced(service.passedOver(request));
        Exchange exchange = service.chat(request, call.caller());
        call.onGone(exchange::stop);
        if (!stream) {
            var answer = new ChatAnswer(heading, exchange, request.settings().choices(), tokenizer());
            exchange.run(answer);
            call.send(answer.json());
            return;
        }
        // Closed by the gate if something fails, after it has told so.
        EventStream events = call.stream();
        var chunks = new ChatChunks(heading, exchange, request.settings().choices(), tokenizer(), usage, events);
        exchange.run(chunks);
        chunks.end();
        events.close();
    }

    private Tokenizer tokenizer() {
        return service.engine().tokenizer();
    }

    /// The conversation that a body asks to answer.
    ///
    /// @throws ApiException if it is wrong
    ChatRequest request(Fields body) {
        for (String old : new String[] {"functions", "function_call", "audio", "modalities", "web_search_options"}) {
            if (body.has(old) && !(old.equals("modalities") && body.strings(old).equals(List.of("text")))) {
                throw ApiException.invalid(old, "'" + old + "' is not supported; leave it out or use 'tools'");
            }
        }
        var tools = ToolFields.tools(body);
        boolean logprobs = body.bool("logprobs", false);
        int top = body.integer("top_logprobs", 0, 0, SamplingFields.MOST_LOGPROBS);
        if (top > 0 && !logprobs) {
            throw ApiException.invalid("top_logprobs", "'top_logprobs' needs 'logprobs' to be true");
        }
        int limit = body.integer("max_completion_tokens", 0, 1, Integer.MAX_VALUE);
        int most = limit == 0 ? body.integer("max_tokens", 0, 1, Integer.MAX_VALUE) : limit;
        return new ChatRequest(
                ChatMessages.read(body),
                tools,
                ToolFields.choice(body, tools),
                body.bool("parallel_tool_calls", true),
                ToolFields.format(body),
                ThinkingFields.mode(body, models.mode(body.string("model"))),
                ThinkingFields.budget(body),
                SamplingFields.read(
                        body,
                        most,
                        logprobs ? top : -1,
                        service.engine().config().vocabSize()));
    }
}
