package ai.hadal.server.openai;

import ai.hadal.ReplyCollector;
import ai.hadal.chat.Message;
import ai.hadal.chat.ReplyEvent;
import ai.hadal.server.reply.Exchange;
import ai.hadal.server.reply.Finish;
import ai.hadal.server.reply.ReplyHandler;
import ai.hadal.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// A response while it grows: the reply's events become output items and the events of the responses API.
///
/// Calls are told as done only when the reply has ended, since a fault behind them makes them void: those
/// are then told as incomplete and are no part of the response.
final class ResponseItems implements ReplyHandler {

    private static final String COMPLETED = "completed";
    private static final String INCOMPLETE = "incomplete";

    private final ResponseHead head;
    private final Exchange exchange;
    private final ResponseSink sink;
    private final LogprobsJson logprobs;
    private final ReplyCollector reply;
    private final List<ObjectNode> items = new ArrayList<>();
    private final List<ResponseCall> calls = new ArrayList<>();
    private final ResponseTools tools;
    private final ReasoningForm form;
    private @Nullable ResponseText open;
    private @Nullable ObjectNode response;

    /// @param tools that the model may call
    /// @param form how its reasoning is told
    ResponseItems(
            ResponseHead head,
            ResponseTools tools,
            ReasoningForm form,
            Exchange exchange,
            Tokenizer tokenizer,
            ResponseSink sink) {
        this.head = head;
        this.tools = tools;
        this.form = form;
        this.exchange = exchange;
        this.sink = sink;
        this.logprobs = new LogprobsJson(tokenizer);
        this.reply = new ReplyCollector(index -> exchange.callId(0, index));
    }

    @Override
    public void begin() throws IOException {
        sink.event("response.created", response(head.growing()));
        sink.event("response.in_progress", response(head.growing()));
    }

    private static ObjectNode response(ObjectNode response) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        fields.set("response", response);
        return fields;
    }

    @Override
    public void prefill(long done, long total) throws IOException {
        sink.prefill(done, total);
        if (sink.isSilent()) {
            idle();
        }
    }

    /// Clients that wait for the next event alone do not hear comments.
    @Override
    public void idle() throws IOException {
        sink.event("response.in_progress", response(head.growing()));
    }

    @Override
    public void grew(int choice, List<ReplyEvent> events, @Nullable Token token) throws IOException {
        logprobs.add(token);
        for (var event : events) {
            reply.accept(event);
            switch (event) {
                case ReplyEvent.Reasoning(String text) -> grow(form.kind(), text);
                case ReplyEvent.Text(String text) -> grow(ResponseText.Kind.MESSAGE, text);
                case ReplyEvent.ToolCallStart(int index, String name) -> beginCall(index, name);
                case ReplyEvent.ToolCallArguments(int index, String piece) ->
                    calls.get(index).grow(piece);
                case ReplyEvent.ToolCallEnd(int index, String _, String whole) ->
                    calls.get(index).complete(whole);
                case ReplyEvent.Malformed _, ReplyEvent.End _ -> {}
            }
        }
    }

    private void grow(ResponseText.Kind kind, String text) throws IOException {
        var growing = open;
        if (growing == null || growing.kind() != kind) {
            endText(COMPLETED);
            growing = ResponseText.begin(kind, id(kind.prefix()), items.size(), sink);
            open = growing;
        }
        ObjectNode told = logprobs.take();
        JsonNode content = told == null ? MissingNode.getInstance() : told.path("content");
        growing.grow(text, content);
    }

    /// Ids of items name their response too, so that they can be found.
    private String id(String prefix) {
        return prefix + "_" + head.id().substring(Heading.RESPONSE.length()) + "_" + (items.size() + calls.size());
    }

    private void endText(String status) throws IOException {
        if (open != null) {
            items.add(open.end(status, form.sealed()));
            open = null;
        }
    }

    private void beginCall(int index, String name) throws IOException {
        endText(COMPLETED);
        var tool = tools.tool(name);
        calls.add(ResponseCall.begin(
                tool, id(ResponseCall.prefix(tool)), exchange.callId(0, index), items.size() + calls.size(), sink));
    }

    @Override
    public void finished(int choice, Finish finish) throws IOException {
        boolean cut = finish.reason() == Finish.Reason.LENGTH || finish.reason() == Finish.Reason.CANCELLED;
        endText(cut ? INCOMPLETE : COMPLETED);
        boolean valid = finish.faults().isEmpty();
        var ended = new ArrayList<ObjectNode>();
        for (var call : calls) {
            ended.add(call.end(valid ? COMPLETED : INCOMPLETE));
        }
        if (valid) {
            items.addAll(ended);
        }
        response = head.ended(items, finish);
    }

    /// The response that has ended.
    ObjectNode json() {
        if (response == null) {
            throw new IllegalStateException("the response has not ended");
        }
        return response;
    }

    /// What the model said, for requests that go on from here.
    Message.Assistant message() {
        return reply.reply().toMessage();
    }

    /// Tells that the response is there.
    void end() throws IOException {
        sink.event("response." + json().path("status").stringValue(""), response(json()));
    }

    /// Tells that something went wrong.
    void fail() throws IOException {
        sink.event("response.failed", response(head.failed(items, "the server could not finish the response")));
    }
}
