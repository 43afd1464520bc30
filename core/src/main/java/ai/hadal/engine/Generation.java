package ai.hadal.engine;

import ai.hadal.error.HadalException;
import ai.hadal.model.Chunk.Logits;
import ai.hadal.tokenizer.Detokenizer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One generation: prefill in chunks, then token by token.
final class Generation {

    private final Session session;
    private final GenerationRequest request;
    private final GenerationListener listener;
    private final Sampler sampler;
    private final StopText stops;
    private final @Nullable Detokenizer detokenizer;
    private final StringBuilder text = new StringBuilder();
    private int[] output = new int[64];
    private int count;
    private long reasoning;
    private boolean inReasoning;

    Generation(Session session, GenerationRequest request, GenerationListener listener) {
        this.session = session;
        this.request = request;
        this.listener = listener;
        this.sampler = new Sampler(request.sampling());
        this.stops = new StopText(request.stopStrings());
        this.detokenizer =
                session.engine().hasTokenizer() ? session.engine().tokenizer().detokenizer() : null;
        this.inReasoning = request.reasoningEnd() >= 0;
    }

    GenerationResult run() {
        int[] prompt = request.prompt();
        int context = session.engine().contextLength();
        if (detokenizer == null && !request.stopStrings().isEmpty()) {
            session.engine().tokenizer();
        }
        if (prompt.length > context) {
            throw new HadalException("the prompt has " + prompt.length + " tokens, but the context holds " + context
                    + "; shorten it or raise the context length");
        }
        long start = System.nanoTime();
        int cached = session.reuse(prompt);
        long drafted = session.lookahead().drafted();
        long accepted = session.lookahead().accepted();
        float[] logits = prefill(prompt, cached);
        long prefilled = System.nanoTime();
        FinishReason reason;
        if (logits.length == 0) {
            reason = FinishReason.CANCELLED;
        } else {
            session.snapshot();
            for (int id : prompt) {
                sampler.sawPrompt(id);
            }
            try {
                reason = decode(logits, context);
            } finally {
                session.settled();
            }
        }
        if (!stops.stopped()) {
            String rest = stops.add(detokenizer == null ? "" : detokenizer.finish());
            rest = stops.stopped() ? rest : rest + stops.flush();
            text.append(rest);
            listener.rest(rest);
        }
        return new GenerationResult(
                Arrays.copyOf(output, count),
                text.toString(),
                reason,
                new Usage(prompt.length, cached, reasoning, count),
                prefilled - start,
                System.nanoTime() - prefilled,
                session.lookahead().drafted() - drafted,
                session.lookahead().accepted() - accepted);
    }

    /// The logits after the prompt; empty when cancelled.
    private float[] prefill(int[] prompt, int cached) {
        int chunk = session.engine().options().prefillChunk();
        float[] logits = {};
        listener.prefill(cached, prompt.length);
        for (int from = cached; from < prompt.length; from += chunk) {
            if (listener.cancelled()) {
                return new float[0];
            }
            int end = Math.min(prompt.length, from + chunk);
            boolean last = end == prompt.length;
            float[][] rows = session.step(Arrays.copyOfRange(prompt, from, end), last ? Logits.LAST : Logits.NONE);
            if (last) {
                logits = rows[0];
            }
            listener.prefill(end, prompt.length);
        }
        return logits;
    }

    private FinishReason decode(float[] first, int context) {
        float[] logits = first;
        while (count < request.maxTokens()) {
            if (listener.cancelled()) {
                return FinishReason.CANCELLED;
            }
            int id = sampler.next(logits, session.length());
            boolean end = id == session.engine().config().eosId() && !request.ignoreEos();
            accept(id, logits, end);
            if (end) {
                return FinishReason.END_OF_TURN;
            }
            if (stops.stopped() || request.stopIds().contains(id)) {
                return FinishReason.STOP;
            }
            if (count == request.maxTokens() || session.length() + 1 > context) {
                return FinishReason.LENGTH;
            }
            logits = session.next(id, request.maxTokens() - count - 1);
        }
        return FinishReason.LENGTH;
    }

    private void accept(int id, float[] logits, boolean end) {
        if (count == output.length) {
            output = Arrays.copyOf(output, 2 * count);
        }
        output[count++] = id;
        if (inReasoning) {
            reasoning++;
            inReasoning = id != request.reasoningEnd();
        }
        sampler.sawOutput(id);
        String piece = detokenizer == null || end || isPadding(id) ? "" : stops.add(detokenizer.next(id));
        text.append(piece);
        var logprobs = request.logprobs() < 0 ? null : Sampler.logprobs(logits, id, request.logprobs());
        listener.token(new GeneratedToken(id, piece, logprobs));
    }

    /// Models may have more rows than their tokenizer has tokens, to fill up a round number; those mean no text.
    private boolean isPadding(int id) {
        return id >= session.engine().tokenizer().size();
    }
}
