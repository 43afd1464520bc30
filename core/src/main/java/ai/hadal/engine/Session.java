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
    private SequenceState state;
    private int[] ids;
    private final Deque<SequenceState> snapshots = new ArrayDeque<>();

    Session(Engine engine, SequenceState state, int[] ids) {
        this.engine = engine;
        this.state = state;
        this.ids = ids;
    }

    public Engine engine() {
        return engine;
    }

    /// The tokens that the state covers.
    public int[] ids() {
        return ids.clone();
    }

    public long length() {
        return ids.length;
    }

    /// Bytes of compressed entries held for this text.
    public long entryBytes() {
        return state.entryBytes();
    }

    /// An independent copy.
    public Session fork() {
        var copy = new Session(engine, state.fork(), ids.clone());
        snapshots.forEach(s -> copy.snapshots.add(s.fork()));
        return copy;
    }

    /// Forgets the last tokens so that `length` remain; see [SequenceState#rollback].
    public void rollback(int length) {
        state.rollback(length);
        ids = Arrays.copyOf(ids, length);
        snapshots.removeIf(s -> s.length() > length);
    }

    /// Saves tokens and state; the file replaces an older one only when complete.
    public void save(Path file) {
        SessionFile.save(this, file);
    }

    SequenceState state() {
        return state;
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
        int common = Arrays.mismatch(ids, prompt);
        common = common < 0 ? ids.length : common;
        int usable = Math.min(common, prompt.length - 1);
        if (usable < ids.length) {
            shorten(usable);
        }
        return ids.length;
    }

    private void shorten(int usable) {
        snapshots.removeIf(s -> s.length() > usable);
        if (usable >= state.rollbackFloor()) {
            state.rollback(usable);
        } else if (!snapshots.isEmpty()) {
            state = snapshots.getLast().fork();
        } else {
            state.rollback(0);
        }
        ids = Arrays.copyOf(ids, Math.toIntExact(state.length()));
    }

    /// Remembers the current state so that a later prompt can continue from here.
    void snapshot() {
        snapshots.addLast(state.fork());
        if (snapshots.size() > SNAPSHOTS) {
            snapshots.removeFirst();
        }
    }

    /// Appends tokens in one step; returns the wanted rows of logits.
    float[][] step(int[] tokens, Logits wanted) {
        if (ids.length + (long) tokens.length > engine.contextLength()) {
            throw new HadalException("the text would grow to " + (ids.length + (long) tokens.length)
                    + " tokens, but the context holds " + engine.contextLength()
                    + "; shorten the prompt or raise the context length");
        }
        float[][] rows;
        try {
            rows = run(tokens, wanted);
        } catch (HadalException e) {
            // Thrown before anything changed.
            throw e;
        } catch (RuntimeException | Error e) {
            forget();
            throw e;
        }
        int old = ids.length;
        ids = Arrays.copyOf(ids, old + tokens.length);
        System.arraycopy(tokens, 0, ids, old, tokens.length);
        return rows;
    }

    private float[][] run(int[] tokens, Logits wanted) {
        int vocabulary = engine.config().vocabSize();
        return engine.step(List.of(new Chunk(state, tokens, wanted)), step -> {
            float[][] read = new float[step.rows()][vocabulary];
            for (int r = 0; r < read.length; r++) {
                step.logits(r, read[r]);
            }
            return read;
        });
    }

    /// A step that failed half way, out of memory say, leaves blocks of different lengths: begin again.
    private void forget() {
        state = engine.model().newSequence();
        ids = new int[0];
        snapshots.clear();
    }
}
