package ai.hadal.server.openai;

import ai.hadal.chat.ReplyEvent;
import ai.hadal.server.reply.Finish;
import ai.hadal.server.reply.ReplyHandler;
import ai.hadal.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Completions as one object. Choices are counted through all prompts.
final class CompletionAnswer implements ReplyHandler {

    private final CompletionHead head;
    private final List<StringBuilder> texts = new ArrayList<>();
    private final List<CompletionLogprobs> logprobs = new ArrayList<>();
    private final TreeMap<Integer, Finish> finishes = new TreeMap<>();

    CompletionAnswer(CompletionHead head, Tokenizer tokenizer) {
        this.head = head;
        for (int choice = 0; choice < head.choices(); choice++) {
            texts.add(new StringBuilder(head.echo(choice)));
            logprobs.add(new CompletionLogprobs(tokenizer));
        }
    }

    @Override
    public void grew(int choice, List<ReplyEvent> events, @Nullable Token token) {
        events.forEach(event -> texts.get(choice).append(CompletionHead.text(event)));
        logprobs.get(choice).add(token);
    }

    @Override
    public void finished(int choice, Finish finish) {
        finishes.put(choice, finish);
    }

    ObjectNode json() {
        ObjectNode json = head.json();
        var choices = json.putArray("choices");
        finishes.forEach((index, finish) -> choices.add(CompletionHead.choice(
                index, texts.get(index).toString(), logprobs.get(index).take(), FinishJson.reason(finish))));
        json.set("usage", head.usage(finishes));
        json.set("timings", UsageJson.timings(finishes.firstEntry().getValue()));
        return json;
    }
}
