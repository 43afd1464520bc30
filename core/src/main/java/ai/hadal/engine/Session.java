package ai.hadal.engine;

import ai.hadal.error.HadalException;
import ai.hadal.model.Chunk;
import ai.hadal.model.Chunk.Logits;
import ai.hadal.model.SequenceState;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

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
        requireRoom(tokens.length);
        settled();
        float[][] rows = run(tokens, wanted).rows;
        text.append(tokens);
        return rows;
    }

    /// Appends a token and returns the logits after it. Where that promises to pay, the step verifies drafts beyond the
    /// token, so that those that are right need no step of their own. Nothing else shows that it did.
    ///
    /// @param most tokens beyond this one that are of use
    float[] next(int id, int most) {
        float[] ahead = lookahead.next(id);
        if (ahead != null) {
            text.append(id);
            return ahead;
        }
        requireRoom(1);
        if (state.length() > text.length()) {
            settled();
        }
        if (engine.isStarting()) {
            return step(new int[] {id}, Logits.LAST)[0];
        }
        int length = text.length();
        text.append(id);
        try {
            int[] drafts = lookahead.draft(text, Math.min(most, engine.contextLength() - text.length()));
            int[] tokens = Arrays.copyOf(new int[] {id}, 1 + drafts.length);
            System.arraycopy(drafts, 0, tokens, 1, drafts.length);
            var result = run(tokens, Logits.ALL);
            lookahead.verified(result.rows, result.nanos);
            return result.rows[0];
        } catch (RuntimeException | Error e) {
            lookahead.end();
            truncated(Math.min(length, text.length()));
            throw e;
        }
    }

    private void requireRoom(int tokens) {
        if (text.length() + (long) tokens > engine.contextLength()) {
            throw new HadalException("the text would grow to " + (text.length() + (long) tokens)
                    + " tokens, but the context holds " + engine.contextLength()
                    + "; shorten the prompt or raise the context length");
        }
    }

    /// Logits of a step and its time.
    private record Result(float[][] rows, long nanos) {}

    private Result run(int[] tokens, Logits wanted) {
        try {
            int position = Math.toIntExact(state.length());
            return engine.step(List.of(new Chunk(state, tokens, wanted)), (step, start) -> {
                float[][] read = new float[step.rows()][engine.config().vocabSize()];
                for (int r = 0; r < read.length; r++) {
                    step.logits(r, read[r]);
                }
                lookahead.stepped(step, position);
                return new Result(read, System.nanoTime() - start);
            });
        } catch (HadalException e) {
            // Thrown before anything changed.
            throw e;
        } catch (RuntimeException | Error e) {
            forget();
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
