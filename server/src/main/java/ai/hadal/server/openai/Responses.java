package ai.hadal.server.openai;

import ai.hadal.chat.Message;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.http.Call;
import ai.hadal.server.http.EventStream;
import ai.hadal.server.http.Fields;
import ai.hadal.server.http.ModelNames;
import ai.hadal.server.reply.ChatRequest;
import ai.hadal.server.reply.Exchange;
import ai.hadal.server.reply.ReplyService;
import ai.hadal.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import tools.jackson.databind.node.JsonNodeFactory;

/// `POST /v1/responses`, `GET /v1/responses/{id}` and `DELETE /v1/responses/{id}`: OpenAI's responses API.
public final class Responses {

    /// A conversation that is shortened leaves this part of the context to the answer.
    private static final int PART_FOR_ANSWER = 4;

    private final ReplyService service;
    private final ModelNames models;
    private final ResponseStore store;
    private final ResponseFields fields;

    public Responses(ReplyService service, ModelNames models, ResponseStore store) {
        this.service = service;
        this.models = models;
        this.store = store;
        this.fields =
                new ResponseFields(models, store, service.engine().config().vocabSize());
    }

    /// Answers.
    public void create(Call call) throws IOException {
        Fields body = call.body();
        boolean stream = body.bool("stream", false);
        body.object("stream_options");
        var request = fields.read(body, call.caller().tenant());
        var head =
                new ResponseHead(Heading.of(Heading.RESPONSE, body.string("model", models.served())), request.echo());
        var chat = chat(request);
        var unenforced = new ArrayList<>(service.passedOver(chat));
        unenforced.addAll(request.tools().unenforced());
        call.tellUnenforced(unenforced);
        call.tellIgnoredTools(request.tools().passedOver());
        Exchange exchange = TooLong.in("input", () -> service.chat(chat, call.caller()));
        call.onGone(exchange::stop);
        // Closed by the gate if something fails, after it has told so.
        EventStream events = stream ? call.stream() : null;
        var sink = new ResponseSink(events, service.options().idle());
        var items = new ResponseItems(head, request.tools(), request.form(), exchange, tokenizer(), sink);
        run(exchange, items);
        if (request.store()) {
            store(call, request, items);
        }
        if (events == null) {
            call.send(items.json());
        } else {
            items.end();
            events.close();
        }
    }

    private Tokenizer tokenizer() {
        return service.engine().tokenizer();
    }

    private static void run(Exchange exchange, ResponseItems items) throws IOException {
        try {
            exchange.run(items);
        } catch (RuntimeException e) {
            items.fail();
            throw e;
        }
    }

    private void store(Call call, ResponseRequest request, ResponseItems items) {
        var conversation = new ArrayList<Message>(request.conversation());
        conversation.add(items.message());
        store.put(
                items.json().path("id").stringValue(""),
                new ResponseStore.Stored(call.caller().tenant(), items.json(), conversation));
    }

    /// The conversation; if it is too long and may be shortened, from the first of its turns on from which
    /// it is not.
    private ChatRequest chat(ResponseRequest request) {
        var whole = request.from(0);
        if (!request.truncates() || fits(whole)) {
            return whole;
        }
        var turns = request.turns();
        int low = 0;
        int high = turns.size() - 1;
        while (low < high) {
            int middle = (low + high) / 2;
            if (fits(request.from(turns.get(middle)))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low < turns.size() ? request.from(turns.get(low)) : whole;
    }

    private boolean fits(ChatRequest chat) {
        int context = service.engine().contextLength();
        int wanted = chat.settings().maxTokens();
        int most = context / PART_FOR_ANSWER;
        return service.countTokens(chat) <= context - (wanted == 0 ? most : Math.min(wanted, most));
    }

    /// A response that was given.
    public void get(Call call) {
        if (call.request().query().first("stream").orElse("false").equals("true")) {
            throw ApiException.invalid("stream", "a finished response is not streamed again; get it without 'stream'");
        }
        var stored = store.get(id(call), call.caller().tenant());
        if (stored == null) {
            throw unknown(call);
        }
        call.send(stored.response());
    }

    /// Forgets a response.
    public void delete(Call call) {
        if (!store.remove(id(call), call.caller().tenant())) {
            throw unknown(call);
        }
        call.send(JsonNodeFactory.instance
                .objectNode()
                .put("id", id(call))
                .put("object", "response")
                .put("deleted", true));
    }

    private static String id(Call call) {
        return call.request().path().pathParameters().get("id");
    }

    private static ApiException unknown(Call call) {
        return new ApiException(
                Kind.NOT_FOUND,
                "response_not_found",
                "response_id",
                "there is no response '" + id(call) + "' here (any more)");
    }
}
