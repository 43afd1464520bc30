package ai.hadal.engine;

import ai.hadal.model.Chunk.Logits;
import java.util.Arrays;

/// One generation of a session: prefill in chunks, then token by token.
final class Generation {

    private final Session session;
    private final GenerationRequest request;
    private final GenerationListener listener;

    Generation(Session session, GenerationRequest request, GenerationListener listener) {
        this.session = session;
        this.request = request;
        this.listener = listener;
    }

    GenerationResult run() {
        int[] prompt = request.prompt();
        check(session.engine(), request);
        long start = System.nanoTime();
        int cached = session.reuse(prompt);
        long drafted = session.lookahead().drafted();
        long accepted = session.lookahead().accepted();
        float[] logits = prefill(prompt, cached);
        long prefilled = System.nanoTime();
        var decoding = new Decoding(session.engine(), request, listener);
        if (logits.length == 0) {
            decoding.cancel();
        } else {
            session.snapshot();
            try {
                decode(decoding, logits);
            } finally {
                session.settled();
            }
        }
        var result = decoding.finish(
                cached,
                session.lookahead(),
                new Decoding.Times(prefilled - start, System.nanoTime() - prefilled, drafted, accepted));
        listener.ended(result);
        return result;
    }

    /// Checks what can be known before work starts.
    static void check(Engine engine, GenerationRequest request) {
        int context = engine.contextLength();
        if (!engine.hasTokenizer() && !request.stopStrings().isEmpty()) {
            engine.tokenizer();
        }
        if (request.prompt().length > context) {
            throw new RefusedException(
                    RefusedException.Kind.TOO_LARGE,
                    "the prompt has " + request.prompt().length + " tokens, but the context holds " + context
                            + "; shorten it or raise the context length");
        }
        engine.model().checkVocabulary(request.prompt());
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

    private void decode(Decoding decoding, float[] first) {
        float[] logits = first;
        while (!decoding.ended()) {
            if (listener.cancelled()) {
                decoding.cancel();
                return;
            }
            int id = decoding.take(decoding.choose(logits, session.length()));
            if (id >= 0) {
                logits = session.next(id, decoding.remaining() - 1);
            }
        }
    }
}
