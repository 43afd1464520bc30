package ai.hadal.server.openai;

import ai.hadal.MessageJson;
import ai.hadal.ReplyCollector;
import ai.hadal.chat.ReplyEvent;
import ai.hadal.server.reply.Exchange;
import ai.hadal.server.reply.Finish;
import ai.hadal.server.reply.ReplyHandler;
import ai.hadal.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A chat completion as one object.
final class ChatAnswer implements ReplyHandler {

    private final Heading heading;
    private final List<ReplyCollector> replies = new ArrayList<>();
    private final List<LogprobsJson> logprobs = new ArrayList<>();
    private final TreeMap<Integer, Finish> finishes = new TreeMap<>();

    ChatAnswer(Heading heading, Exchange exchange, int choices, Tokenizer tokenizer) {
        this.heading = heading;
        for (int c = 0; c < choices; c++) {
            int choice = c;
            replies.add(new ReplyCollector(index -> exchange.callId(choice, index)));
            logprobs.add(new LogprobsJson(tokenizer));
        }
    }

    @Override
    public void grew(int choice, List<ReplyEvent> events, @Nullable Token token) {
        events.forEach(replies.get(choice)::accept);
        logprobs.get(choice).add(token);
    }

    @Override
    public void finished(int choice, Finish finish) {
        finishes.put(choice, finish);
    }

    ObjectNode json() {
        ObjectNode json = heading.json("chat.completion");
        var choices = json.putArray("choices");
        finishes.forEach((index, finish) -> choices.add(choice(index, finish)));
        json.set("usage", UsageJson.of(finishes.values()));
        json.set("timings", UsageJson.timings(finishes.firstEntry().getValue()));
        return json;
    }

    private ObjectNode choice(int index, Finish finish) {
        var reply = replies.get(index).reply();
        ObjectNode choice = JsonNodeFactory.instance.objectNode().put("index", index);
        var message = choice.putObject("message").put("role", "assistant");
        if (reply.content().isEmpty() && !reply.toolCalls().isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", reply.content());
        }
        message.putNull("refusal");
        if (!reply.reasoning().isEmpty()) {
            message.put("reasoning_content", reply.reasoning());
        }
        if (!reply.toolCalls().isEmpty()) {
            message.set("tool_calls", MessageJson.toolCalls(reply.toolCalls()));
        }
        choice.set("logprobs", logprobs.get(index).take());
        choice.put("finish_reason", FinishJson.reason(finish));
        finish.tellFaults(choice);
        return choice;
    }
}
