package ai.hadal;

import ai.hadal.chat.Markers;
import ai.hadal.chat.Reply;
import ai.hadal.chat.ReplyEvent;
import ai.hadal.engine.FinishReason;
import ai.hadal.engine.GeneratedToken;
import ai.hadal.engine.GenerationListener;
import ai.hadal.engine.GenerationRequest;
import ai.hadal.engine.GenerationResult;
import ai.hadal.engine.Session;
import ai.hadal.error.HadalException;
import java.util.List;
import java.util.function.Consumer;

/// Plain continuation of a text, without the chat protocol.
public final class Completion {

    private Completion() {}

    /// Continues a text. Special tokens are recognised in it, and it begins with the begin-of-sentence token
    /// whether it says so or not.
    ///
    /// @return the continuation as the answer's text, special tokens included
    public static Answer of(Session session, String text, ReplyOptions options, ReplyListener listener) {
        String whole = text.startsWith(Markers.BEGIN_OF_SENTENCE) ? text : Markers.BEGIN_OF_SENTENCE + text;
        int[] ids = session.engine().tokenizer().encode(whole);
        var result = generate(session, ids, -1, options, listener, piece -> {
            if (!piece.isEmpty()) {
                listener.event(new ReplyEvent.Text(piece));
            }
        });
        listener.event(new ReplyEvent.End(result.reason() == FinishReason.END_OF_TURN));
        return new Answer(
                new Reply(result.text(), "", List.of()),
                List.of(),
                result.reason(),
                result.usage(),
                result.prefillNanos(),
                result.decodeNanos(),
                result.drafted(),
                result.accepted());
    }

    /// Continues a text.
    ///
    /// @param ids its tokens
    /// @param reasoningEnd as in [GenerationRequest]
    /// @param sink takes the pieces of the generated text, some of them empty
    static GenerationResult generate(
            Session session,
            int[] ids,
            int reasoningEnd,
            ReplyOptions options,
            ReplyListener listener,
            Consumer<String> sink) {
        checkBias(options, session.engine().config().vocabSize());
        var request = new GenerationRequest(
                ids,
                options.sampling(),
                options.maxTokens(),
                List.of(),
                options.stopStrings(),
                false,
                -1,
                reasoningEnd);
        return session.generate(request, new GenerationListener() {
            @Override
            public void prefill(long done, long total) {
                listener.prefill(done, total);
            }

            @Override
            public void token(GeneratedToken token) {
                sink.accept(token.text());
            }

            @Override
            public void rest(String rest) {
                sink.accept(rest);
            }

            @Override
            public boolean cancelled() {
                return listener.cancelled();
            }
        });
    }

    /// The sampler would notice after the whole prompt was read.
    private static void checkBias(ReplyOptions options, int vocabulary) {
        for (int id : options.sampling().logitBias().keySet()) {
            if (id < 0 || id >= vocabulary) {
                throw new HadalException("the logit bias names token " + id + ", but the vocabulary has " + vocabulary
                        + " tokens; choose an id below that");
            }
        }
    }
}
