package ai.hadal.engine;

import ai.hadal.grammar.TokenConstraint;
import ai.hadal.tokenizer.Detokenizer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What becomes of the logits of one generation: chosen tokens, their text, and the reason why it ends.
final class Decoding {

    private final Engine engine;
    private final GenerationRequest request;
    private final GenerationListener listener;
    private final Sampler sampler;
    private final @Nullable TokenConstraint constraint;
    private final StopText stops;
    private final @Nullable Detokenizer detokenizer;
    private final StringBuilder text = new StringBuilder();
    private int[] output = new int[64];
    private int count;
    private long reasoning;
    private boolean inReasoning;
    private @Nullable FinishReason reason;

    Decoding(Engine engine, GenerationRequest request, GenerationListener listener) {
        this.engine = engine;
        this.request = request;
        this.listener = listener;
        this.sampler = new Sampler(request.sampling());
        this.constraint =
                request.constraint() == null ? null : request.constraint().get();
        this.stops = new StopText(request.stopStrings());
        this.detokenizer = engine.hasTokenizer() ? engine.tokenizer().detokenizer() : null;
        this.inReasoning = request.reasoningEnd() >= 0;
        for (int id : request.prompt()) {
            sampler.sawPrompt(id);
        }
        if (request.maxTokens() == 0) {
            reason = FinishReason.LENGTH;
        }
    }

    /// A token that is chosen and not taken yet.
    record Chosen(int id, long position, @Nullable TokenLogprobs logprobs) {}

    /// Chooses the next token. Changes nothing, and gives the same when it is asked again.
    ///
    /// @param logits after the text so far
    /// @param position of the token
    Chosen choose(float[] logits, long position) {
        int id = sampler.next(logits, position, constraint == null ? null : constraint.allowed());
        var logprobs = request.logprobs() < 0 ? null : TokenLogprobs.of(logits, id, request.logprobs());
        return new Chosen(id, position, logprobs);
    }

    /// Adds the next token to the text and tells of it.
    ///
    /// @return its id, or -1 if the generation is over and needs no further logits
    int take(Chosen chosen) {
        int id = chosen.id();
        if (constraint != null) {
            constraint.accept(id);
        }
        boolean end = id == engine.config().eosId() && !request.ignoreEos();
        accept(chosen, end);
        if (end) {
            reason = FinishReason.END_OF_TURN;
        } else if (stops.stopped() || request.stopIds().contains(id)) {
            reason = FinishReason.STOP;
        } else if (count == request.maxTokens() || chosen.position() + 1 > engine.contextLength()) {
            reason = FinishReason.LENGTH;
        }
        return ended() ? -1 : id;
    }

    private void accept(Chosen chosen, boolean end) {
        int id = chosen.id();
        if (count == output.length) {
            output = Arrays.copyOf(output, 2 * count);
        }
        output[count++] = id;
        boolean reasoned = inReasoning;
        if (inReasoning) {
            reasoning++;
            inReasoning = id != request.reasoningEnd();
        }
        sampler.sawOutput(id);
        String piece = detokenizer == null || end || isPadding(id) ? "" : detokenizer.next(id);
        // Stop strings end answers; reasoning may say what it wants.
        piece = reasoned ? piece : stops.add(piece);
        text.append(piece);
        listener.token(new GeneratedToken(id, piece, chosen.logprobs()));
    }

    /// Models may have more rows than their tokenizer has tokens, to fill up a round number; those mean no
    /// text.
    private boolean isPadding(int id) {
        return id >= engine.tokenizer().size();
    }

    /// Whether no further token is wanted.
    boolean ended() {
        return reason != null;
    }

    /// Tokens that may follow the last one taken.
    int remaining() {
        return request.maxTokens() - count;
    }

    /// Ends the generation from outside.
    void cancel() {
        if (reason == null) {
            reason = FinishReason.CANCELLED;
        }
    }

    /// Releases text that was held back, and tells what was generated. The generation has [#ended].
    GenerationResult finish(long cached, Lookahead lookahead, Times times) {
        if (reason == null) {
            throw new IllegalStateException("the generation goes on");
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
                stops.stop(),
                new Usage(request.prompt().length, cached, reasoning, count),
                times.prefill(),
                times.decode(),
                lookahead.drafted() - times.draftedBefore(),
                lookahead.accepted() - times.acceptedBefore());
    }

    /// What a generation took.
    ///
    /// @param prefill nanoseconds from its start to the first logits
    /// @param decode nanoseconds from there to its end
    /// @param draftedBefore drafts of the session before this generation
    /// @param acceptedBefore those of them that were right
    record Times(long prefill, long decode, long draftedBefore, long acceptedBefore) {}
}
