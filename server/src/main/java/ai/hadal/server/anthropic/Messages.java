package ai.hadal.server.anthropic;

import ai.hadal.server.http.Call;
import ai.hadal.server.http.Endpoint;
import ai.hadal.server.http.EventStream;
import ai.hadal.server.http.Fields;
import ai.hadal.server.http.ModelNames;
import ai.hadal.server.reply.Exchange;
import ai.hadal.server.reply.ReplyService;
import java.io.IOException;
import tools.jackson.databind.node.JsonNodeFactory;

/// `POST /v1/messages` and `POST /v1/messages/count_tokens`.
public final class Messages implements Endpoint {

    /// Claude Code asks for models of these names besides the one that it is given, for small tasks of its own.
    private static final String CLAUDE = "claude-";

    private final ReplyService service;
    private final ModelNames models;

    public Messages(ReplyService service, ModelNames models) {
        this.service = service;
        this.models = models;
    }

    @Override
    public void handle(Call call) throws IOException {
        Fields body = call.body();
        var heading = Heading.of(model(body));
        var request = Requests.message(body);
        boolean stream = body.bool("stream", false);
        boolean shown = Thinking.read(body).shown();
        call.tellUnenforced(service.passedOver(request));
        Exchange exchange = service.chat(request, call.caller());
        call.onGone(exchange::stop);
        if (!stream) {
            var answer = new MessageAnswer(heading, index -> exchange.callId(0, index), shown);
            exchange.run(answer);
            call.send(answer.json());
            return;
        }
        // Closed by the gate if something fails, after it has told so.
        EventStream events = call.stream();
        exchange.run(new MessageEvents(heading, index -> exchange.callId(0, index), shown, events::event));
        events.close();
    }

    /// Answers how many tokens the prompt of a request has.
    public void countTokens(Call call) {
        Fields body = call.body();
        model(body);
        int tokens = service.countTokens(Requests.conversation(body));
        call.send(JsonNodeFactory.instance.objectNode().put("input_tokens", tokens));
    }

    private String model(Fields body) {
        String name = body.requiredString("model");
        if (!name.startsWith(CLAUDE)) {
            models.mode(name);
        }
        return name;
    }
}
