package ai.hadal.engine;

import ai.hadal.error.HadalException;
import ai.hadal.model.Chunk;
import ai.hadal.model.Chunk.Logits;
import ai.hadal.model.SequenceState;
import ai.hadal.model.Step;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One running text: its tokens and the model's state after them. Prompts are given whole; the session continues
/// from the longest prefix it still has. Used by one thread at a time.
public final class Session {

    /// Prompt ends to remember: a chat turn usually continues from one (its reasoning is dropped from the next
    /// prompt).
    private static final int SNAPSHOTS = 2;

    /// Sets of rings that a session may hold at once: its own and its snapshots'. Counted by [MemoryPlan].
    static final int RING_SETS = 1 + SNAPSHOTS;

    private final Engine engine;
    private final Tokens text;
    private final Lookahead lookahead;
    private final Deque<SequenceState> snapshots = new ArrayDeque<>();

    /// The state after the text, or after the text and drafts beyond it; see [#settled].
    private SequenceState state;

    Session(Engine engine, SequenceState state, int[] ids, Lookahead lookahead) {
        this.engine = engine;
        this.state = state;
        this.text = new Tokens(ids);
        this.lookahead = lookahead;
    }

    public Engine engine() {
        return engine;
    }

    /// The tokens that the state covers.
    public int[] ids() {
        return text.toArray();
    }

    public long length() {
        return text.length();
    }

    /// Bytes of compressed entries held for this text.
    public long entryBytes() {
        return settled().entryBytes();
    }

    /// An independent copy.
    public Session fork() {
        var copy = new Session(engine, settled().fork(), text.toArray(), engine.newLookahead());
        snapshots.forEach(s -> copy.snapshots.add(s.fork()));
        return copy;
    }

    /// Forgets the last tokens so that `length` remain; see [SequenceState#rollback].
    public void rollback(int length) {
        settled().rollback(length);
        truncated(length);
        snapshots.removeIf(s -> s.length() > length);
    }

    private void truncated(int length) {
        text.truncate(length);
        lookahead.truncated(length);
    }

    /// Saves tokens and state; the file replaces an older one only when complete.
    public void save(Path file) {
        SessionFile.save(this, file);
    }

    /// The state after the text and nothing else: drafts that it went beyond the text with are taken back.
    SequenceState settled() {
        lookahead.end();
        if (state.length() > text.length()) {
            state.withdraw(text.length());
            lookahead.truncated(text.length());
        }
        return state;
    }

    Lookahead lookahead() {
        return lookahead;
    }

    /// Appends tokens and returns the logits after each, `[tokens][V]`.
    public float[][] logits(int[] tokens) {
        float[][] all = new float[tokens.length][];
        for (int from = 0; from < tokens.length; from += engine.options().prefillChunk()) {
            int[] part = Arrays.copyOfRange(
                    tokens,
                    from,
                    Math.min(tokens.length, from + engine.options().prefillChunk()));
            float[][] rows = step(part, Logits.ALL);
            System.arraycopy(rows, 0, all, from, rows.length);
        }
        return all;
    }

    /// Continues the text as requested. When this returns or is cancelled, the session covers the prompt (as far as
    /// it was processed) and the generated tokens but the last.
    public GenerationResult generate(GenerationRequest request, GenerationListener listener) {
        return new Generation(this, request, listener).run();
    }

    /// Makes the session hold a prefix of `prompt` that is as long as possible but leaves at least one token to
    /// process; returns its length.
    int reuse(int[] prompt) {
        int usable = Math.min(text.commonPrefix(prompt), prompt.length - 1);
        if (usable < text.length()) {
            shorten(usable);
        }
        return text.length();
    }

    private void shorten(int usable) {
        snapshots.removeIf(s -> s.length() > usable);
        if (usable >= settled().rollbackFloor()) {
            state.rollback(usable);
        } else if (!snapshots.isEmpty()) {
            state = snapshots.getLast().fork();
        } else {
            state.rollback(0);
        }
        truncated(Math.toIntExact(state.length()));
    }

    /// Remembers the current state so that a later prompt can continue from here.
    void snapshot() {
        snapshots.addLast(settled().fork());
        if (snapshots.size() > SNAPSHOTS) {
            snapshots.removeFirst();
        }
    }

    /// Appends tokens in one step; returns the wanted rows of logits.
    float[][] step(int[] tokens, Logits wanted) {
        return run(append(tokens, wanted));
    }

    /// Appends a token and returns the logits after it. Where that promises to pay, the step verifies drafts beyond the
    /// token, so that those that are right need no step of their own. Nothing else shows that it did.
    ///
    /// @param most tokens beyond this one that are of use
    float[] next(int id, int most) {
        float[] ahead = ahead(id);
        return ahead != null ? ahead : run(decode(id, engine.isStarting() ? 0 : most))[0];
    }

    /// Appends a token that was drafted and verified, and returns the logits after it; null, and nothing is
    /// appended, if a step must process it.
    float @Nullable [] ahead(int id) {
        float[] ahead = lookahead.next(id);
        if (ahead != null) {
            text.append(id);
        }
        return ahead;
    }

    /// A step that appends tokens.
    Extension append(int[] tokens, Logits wanted) {
        requireRoom(tokens.length);
        settled();
        return new Extension(tokens, tokens.length, wanted, false);
    }

    /// A step that appends one token, with drafts beyond it where they promise to pay.
    ///
    /// @param most drafts that are of use
    Extension decode(int id, int most) {
        requireRoom(1);
        if (state.length() > text.length()) {
            settled();
        }
        if (most < 1) {
            return new Extension(new int[] {id}, 1, Logits.LAST, false);
        }
        text.append(id);
        int[] drafts;
        try {
            drafts = lookahead.draft(text, Math.min(most, engine.contextLength() - text.length()));
        } catch (RuntimeException | Error e) {
            lookahead.end();
            truncated(text.length() - 1);
            throw e;
        }
        text.truncate(text.length() - 1);
        int[] tokens = Arrays.copyOf(new int[] {id}, 1 + drafts.length);
        System.arraycopy(drafts, 0, tokens, 1, drafts.length);
        return new Extension(tokens, 1, Logits.ALL, true);
    }

    private void requireRoom(int tokens) {
        if (text.length() + (long) tokens > engine.contextLength()) {
            throw new HadalException("the text would grow to " + (text.length() + (long) tokens)
                    + " tokens, but the context holds " + engine.contextLength()
                    + "; shorten the prompt or raise the context length");
        }
    }

    /// What the next step does to this session: its tokens and, beyond them, drafts.
    final class Extension {

        private final int position = Math.toIntExact(state.length());
        private final int[] tokens;
        private final int certain;
        private final boolean speculative;
        private final Chunk chunk;

        /// @param certain how many of the tokens are no drafts
        /// @param speculative the lookahead was asked for drafts
        private Extension(int[] tokens, int certain, Logits wanted, boolean speculative) {
            this.tokens = tokens;
            this.certain = certain;
            this.speculative = speculative;
            this.chunk = new Chunk(state, tokens, wanted);
        }

        Chunk chunk() {
            return chunk;
        }

        /// Reads what the step computed: the wanted rows of logits.
        ///
        /// @param logitsRow the first of them in the step
        /// @param tokenRow the first of the tokens in the step
        /// @param start [System#nanoTime] when the step began
        float[][] done(Step step, int logitsRow, int tokenRow, long start) {
            float[][] read = new float[chunk.logitsRows()][engine.config().vocabSize()];
            for (int r = 0; r < read.length; r++) {
                step.logits(logitsRow + r, read[r]);
            }
            text.append(Arrays.copyOf(tokens, certain));
            lookahead.stepped(step, tokenRow, tokens.length, position);
            if (speculative) {
                lookahead.verified(read, System.nanoTime() - start);
            }
            return read;
        }

        /// The step failed half way.
        void failed() {
            lookahead.end();
            forget();
        }
    }

    private float[][] run(Extension extension) {
        try {
            return engine.step(List.of(extension.chunk()), (step, start) -> extension.done(step, 0, 0, start));
        } catch (HadalException e) {
            // Thrown before anything changed.
            lookahead.end();
            throw e;
        } catch (RuntimeException | Error e) {
            extension.failed();
            throw e;
        }
    }

    /// A step that failed half way, out of memory say, leaves blocks of different lengths: begin again.
    private void forget() {
        state = engine.model().newSequence();
        truncated(0);
        snapshots.clear();
    }
}
