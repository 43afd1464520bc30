package ai.hadal.server.reply;

import ai.hadal.chat.ReplyStream;
import ai.hadal.engine.FinishReason;
import ai.hadal.engine.GeneratedToken;
import ai.hadal.engine.GenerationListener;
import ai.hadal.engine.GenerationRequest;
import ai.hadal.engine.GenerationResult;
import ai.hadal.engine.SamplingOptions;
import ai.hadal.engine.ScheduledRequest;
import ai.hadal.engine.Ticket;
import ai.hadal.engine.Usage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Exchanges whose tokens are written here instead of by a model.
public final class ScriptedExchange {

    private static final int PROMPT = 10;
    private static final int CACHED = 4;
    private static final GenerationRequest REQUEST =
            GenerationRequest.of(new int[PROMPT], SamplingOptions.greedy(), Integer.MAX_VALUE);

    private ScriptedExchange() {}

    /// An exchange of one choice.
    ///
    /// @param reasons whether the reply begins with reasoning
    /// @param texts what each of its tokens adds
    public static Exchange of(boolean reasons, List<String> texts, FinishReason end) {
        var reply = new ChoiceReply(0, new ReplyStream(reasons), reasons, (_, _) -> {});
        return new Exchange(
                List.of(reply),
                listeners -> ScheduledRequest.of(REQUEST, listeners.getFirst()),
                request -> {
                    write(texts, end, request.choices().getFirst().listener());
                    return new Done();
                },
                Duration.ofMinutes(1),
                (choice, result, finish) -> {});
    }

    private static void write(List<String> texts, FinishReason end, GenerationListener listener) {
        listener.prefill(CACHED, PROMPT);
        listener.prefill(PROMPT, PROMPT);
        for (int i = 0; i < texts.size(); i++) {
            listener.token(new GeneratedToken(i, texts.get(i), null));
        }
        listener.ended(new GenerationResult(
                new int[texts.size()], String.join("", texts), end, null, new Usage(PROMPT, CACHED, 3, 7), 0, 0, 0, 0));
    }

    /// A request that has ended.
    private record Done() implements Ticket {

        @Override
        public CompletableFuture<List<GenerationResult>> results() {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public void cancel() {}

        @Override
        public void wake() {}
    }
}
