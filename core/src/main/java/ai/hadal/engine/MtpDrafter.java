package ai.hadal.engine;

import ai.hadal.model.Chunk.Logits;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.MtpState;
import ai.hadal.model.SequenceState;
import ai.hadal.model.Step;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Drafts with the checkpoint's first MTP block. It keeps the streams of the last window of tokens, which is all that
/// the block can see, and lets the block catch up only when drafts are wanted: without them it costs a copy a token.
/// Further drafts continue from the block's own streams.
final class MtpDrafter implements Drafter {

    private final Engine engine;
    private final int window;

    /// Streams `[S*D]` of the positions from `from` up to `end`, each at its position modulo the window.
    private final float[][] streams;

    private int from;
    private int end;

    private MtpState state;

    /// Position of the block's first row, and the one that its next row will have.
    private int first;

    private int next;

    MtpDrafter(Engine engine) {
        this.engine = engine;
        this.window = engine.config().slidingWindow();
        this.streams = new float[window][];
        this.state = engine.model().newMtpState(0);
    }

    @Override
    public void stepped(Step step, int firstRow, int tokens, int position) {
        if (position != end) {
            from = position;
            end = position;
            begin(position);
        }
        ModelConfig config = engine.config();
        for (int row = Math.max(0, tokens - window); row < tokens; row++) {
            int slot = (position + row) % window;
            if (streams[slot] == null) {
                streams[slot] = new float[config.hcMult() * config.hiddenSize()];
            }
            step.streams(firstRow + row, streams[slot]);
        }
        end += tokens;
        from = Math.max(from, end - window);
    }

    @Override
    public void truncated(int length) {
        end = Math.min(end, length);
        from = Math.min(from, end);
        // The last row that remains had a next token that does not.
        back(Math.clamp(length - 1, first, next));
    }

    @Override
    public @Nullable Offer offer(Tokens text) {
        return from < end && end == text.length() - 1 ? new Offer(DraftKind.MTP, Integer.MAX_VALUE) : null;
    }

    @Override
    public void prepare(Tokens text) {
        back(Math.min(next, end - 1));
        if (next < from) {
            begin(from);
        }
        int to = end - SequenceState.MOST_DRAFTS;
        while (next < to) {
            catchUp(text, to, Logits.NONE, _ -> {});
        }
    }

    @Override
    public int[] draft(Tokens text, int length) {
        prepare(text);
        int[] drafts = new int[length];
        var row = new Row(engine.config());
        while (next < end) {
            catchUp(text, end, Logits.LAST, row::read);
        }
        drafts[0] = row.best();
        for (int i = 1; i < length; i++) {
            engine.draft(state, new float[][] {row.streams}, new int[] {drafts[i - 1]}, Logits.LAST, row::read);
            drafts[i] = row.best();
        }
        state.rollback(next - first);
        return drafts;
    }

    /// Runs the block on held rows before `end`, at most as many as a step may have.
    private void catchUp(Tokens text, int end, Logits wanted, Consumer<Step> read) {
        int to = Math.min(end, next + engine.options().prefillChunk());
        float[][] held = new float[to - next][];
        for (int p = next; p < to; p++) {
            held[p - next] = streams[p % window];
        }
        engine.draft(state, held, text.range(next + 1, to + 1), wanted, read);
        next = to;
    }

    private void begin(int position) {
        state = engine.model().newMtpState(0);
        first = position;
        next = position;
    }

    /// Lets the block continue from an earlier position, or begin anew if it no longer can.
    private void back(int position) {
        if (state.reaches(position - first)) {
            state.rollback(position - first);
            next = position;
        } else {
            begin(from);
        }
    }

    /// The last row of a draft.
    private static final class Row {

        private final float[] logits;
        private final float[] streams;

        Row(ModelConfig config) {
            logits = new float[config.vocabSize()];
            streams = new float[config.hcMult() * config.hiddenSize()];
        }

        void read(Step step) {
            step.logits(0, logits);
            step.streams(step.tokens() - 1, streams);
        }

        int best() {
            int best = 0;
            for (int i = 1; i < logits.length; i++) {
                if (logits[i] > logits[best]) {
                    best = i;
                }
            }
            return best;
        }
    }
}
