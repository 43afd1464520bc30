package ai.hadal.engine;

import ai.hadal.engine.Decoding.Chosen;
import ai.hadal.engine.Session.Extension;
import ai.hadal.model.Chunk.Logits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One text that a [Scheduler] lets grow: first its prompt is read, then it continues. Touched by the scheduler's
/// thread only, but for [#choose].
final class Strand {

    private final Job job;
    private final int index;
    private final Session session;
    private final int cached;
    private final long started;
    private @Nullable Decoding decoding;
    private long prefilled;

    /// A token chosen ahead of [#advance].
    private @Nullable Chosen chosen;

    /// The token that was chosen last and that no step has processed yet.
    private int pending = -1;

    /// @param index of the choice that it becomes
    Strand(Job job, int index, Session session, int cached, long started) {
        this.job = job;
        this.index = index;
        this.session = session;
        this.cached = cached;
        this.started = started;
    }

    Job job() {
        return job;
    }

    int index() {
        return index;
    }

    Session session() {
        return session;
    }

    int cached() {
        return cached;
    }

    boolean readsPrompt() {
        return decoding == null;
    }

    /// Whether its readers can take more. The prompt is read for all of them.
    boolean isReady() {
        return readsPrompt() || job.choice(index).listener().ready();
    }

    /// Whether its readers want no more.
    boolean isCancelled() {
        return job.isCancelled()
                || (!readsPrompt() && job.choice(index).listener().cancelled());
    }

    /// A step that reads more of the prompt.
    ///
    /// @param end where the step ends in the prompt
    Extension read(int end) {
        int[] prompt = job.request().prompt();
        int from = Math.toIntExact(session.length());
        return session.append(Arrays.copyOfRange(prompt, from, end), end == prompt.length ? Logits.LAST : Logits.NONE);
    }

    /// Tells the readers how much of the prompt is read.
    void wasRead() {
        int[] prompt = job.request().prompt();
        for (var choice : job.request().choices()) {
            choice.listener().prefill(Math.max(cached, session.length()), prompt.length);
        }
    }

    /// A step that processes the last token.
    ///
    /// @param speculate whether drafts may be verified beyond it
    Extension grow(boolean speculate) {
        return session.decode(pending, speculate ? continued().remaining() - 1 : 0);
    }

    /// The prompt is read; the choice begins.
    void begin() {
        var choice = job.choice(index);
        decoding = new Decoding(session.engine(), choice.request(), choice.listener());
        prefilled = System.nanoTime();
    }

    /// Chooses the token after the text, which [#advance] then takes. For any thread while no other is at the strand.
    void choose(float[] logits) {
        chosen = continued().choose(logits, session.length());
    }

    /// Takes the logits after the text: chooses tokens until a step is needed or the choice has [#ended].
    ///
    /// @param logits those of [#choose], if that was called
    /// @return how many
    int advance(float[] logits) {
        float[] next = logits;
        int taken = 0;
        pending = -1;
        while (next != null && !continued().ended()) {
            var token = chosen != null ? chosen : continued().choose(next, session.length());
            chosen = null;
            int id = continued().take(token);
            taken++;
            if (id < 0) {
                break;
            }
            next = session.ahead(id);
            pending = id;
        }
        return taken;
    }

    boolean ended() {
        return decoding != null && decoding.ended();
    }

    /// The readers want no more.
    void cancel() {
        if (decoding == null) {
            begin();
        }
        continued().cancel();
    }

    /// The choice has ended; releases what it held back.
    GenerationResult finish() {
        long now = System.nanoTime();
        return continued()
                .finish(cached, session.lookahead(), new Decoding.Times(prefilled - started, now - prefilled, 0, 0));
    }

    private Decoding continued() {
        if (decoding == null) {
            throw new IllegalStateException("the prompt is not read yet");
        }
        return decoding;
    }
}
