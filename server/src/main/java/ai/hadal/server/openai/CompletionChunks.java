package ai.hadal.server.openai;

import ai.hadal.chat.ReplyEvent;
import ai.hadal.server.http.EventStream;
import ai.hadal.server.reply.Finish;
import ai.hadal.server.reply.ReplyHandler;
import ai.hadal.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Completions as a stream of chunks. Choices are counted through all prompts.
final class CompletionChunks implements ReplyHandler {

    private final CompletionHead head;
    private final ChunkWriter chunks;
    private final List<CompletionLogprobs> logprobs = new ArrayList<>();
    private final TreeMap<Integer, Finish> finishes = new TreeMap<>();

    /// @param usage whether a last chunk counts tokens
    CompletionChunks(CompletionHead head, Tokenizer tokenizer, boolean usage, EventStream events) {
        this.head = head;
        this.chunks = new ChunkWriter(head::json, usage, events);
        for (int choice = 0; choice < head.choices(); choice++) {
            logprobs.add(new CompletionLogprobs(tokenizer));
        }
    }

    @Override
    public void begin() throws IOException {
        for (int choice = 0; choice < head.choices(); choice++) {
            if (!head.echo(choice).isEmpty()) {
                chunks.send(CompletionHead.choice(choice, head.echo(choice), null, null));
            }
        }
    }

    @Override
    public void prefill(long done, long total) throws IOException {
        chunks.events().prefill(done, total);
    }

    @Override
    public void idle() throws IOException {
        chunks.events().keepAlive();
    }

    @Override
    public void grew(int choice, List<ReplyEvent> added, @Nullable Token token) throws IOException {
        logprobs.get(choice).add(token);
        String text = added.stream().map(CompletionHead::text).collect(Collectors.joining());
        if (!text.isEmpty()) {
            chunks.send(CompletionHead.choice(choice, text, logprobs.get(choice).take(), null));
        }
    }

    @Override
    public void finished(int choice, Finish finish) throws IOException {
        finishes.put(choice, finish);
        chunks.send(CompletionHead.choice(choice, "", logprobs.get(choice).take(), FinishJson.reason(finish)));
    }

    void end() throws IOException {
        chunks.end(() -> head.usage(finishes), finishes);
    }
}
