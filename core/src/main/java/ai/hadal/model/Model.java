package ai.hadal.model;

import ai.hadal.backend.Backend;
import ai.hadal.backend.HyperConnection;
import ai.hadal.backend.RopeAngles;
import ai.hadal.backend.RopeTable;
import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/// The DeepSeek-V4 model on one backend under one numerics profile: a step extends any mix of sequences by any mix
/// of prompt pieces and single tokens, and gives their logits. The logits after a prefix depend on the checkpoint,
/// the profile and the prefix alone. One step at a time: callers serialise.
public final class Model implements AutoCloseable {

    private final ModelConfig config;
    private final ModelWeights weights;
    private final Backend ops;
    private final Numerics numerics;
    private final RopeAngles plainRope;
    private final RopeAngles compressRope;
    private final List<Block> blocks = new ArrayList<>();
    private final List<Block> mtpBlocks = new ArrayList<>();
    private final HyperConnection hcHead;
    private final List<HyperConnection> mtpHcHeads = new ArrayList<>();
    private final Workspace work;

    public Model(ModelConfig config, ModelWeights weights, Backend backend, Numerics numerics) {
        this.config = config;
        this.weights = weights;
        this.ops = backend;
        this.numerics = numerics;
        var yarn = config.yarn();
        plainRope = new RopeAngles(RopeTable.plain(config.ropeTheta(), config.ropeDim()));
        compressRope = new RopeAngles(RopeTable.yarn(
                config.compressRopeTheta(),
                config.ropeDim(),
                yarn.factor(),
                yarn.originalMaxPositions(),
                yarn.betaFast(),
                yarn.betaSlow()));
        for (var layer : weights.layers()) {
            blocks.add(new Block(config, ops, numerics, layer, compressRope.table()));
        }
        for (var mtp : weights.mtp()) {
            mtpBlocks.add(new Block(config, ops, numerics, mtp.layer(), compressRope.table()));
            mtpHcHeads.add(Block.hyperConnection(config, mtp.hcHead()));
        }
        hcHead = Block.hyperConnection(config, weights.hcHead());
        work = new Workspace(ops, config);
    }

    public ModelConfig config() {
        return config;
    }

    public ModelWeights weights() {
        return weights;
    }

    public Numerics numerics() {
        return numerics;
    }

    public Backend backend() {
        return ops;
    }

    /// An empty sequence.
    public SequenceState newSequence() {
        return new SequenceState(this, states(0, blocks.size()), states(blocks.size(), mtpBlocks.size()));
    }

    private List<LayerState> states(int first, int count) {
        var states = new ArrayList<LayerState>(count);
        for (int i = 0; i < count; i++) {
            states.add(LayerState.create(ops, config, first + i));
        }
        return states;
    }

    /// Extends every chunk's sequence by its tokens.
    ///
    /// @throws HadalException before anything is changed, if a token is not in the vocabulary, a sequence appears
    ///     twice or belongs to another model
    public Step step(List<Chunk> chunks, StepObserver observer) {
        var batch = batch(chunks, false);
        blocks.forEach(block -> block.expect(batch));
        ops.embed(weights.embed(), batch.ids(), batch.ids().length, work.embedded);
        ops.fillStreams(work.embedded, work.streams);
        for (int l = 0; l < blocks.size(); l++) {
            observer.streams(l, work.streams);
            blocks.get(l).run(batch, work, observer);
        }
        observer.streams(blocks.size(), work.streams);
        for (var chunk : chunks) {
            chunk.sequence().advance(chunk.ids().length);
        }
        return head(chunks, hcHead, weights.norm());
    }

    public Step step(List<Chunk> chunks) {
        return step(chunks, StepObserver.NONE);
    }

    /// Runs MTP block `depth` on the tokens that `previous` (the step, or the draft one depth before) ended with:
    /// the streams of position p join the embedding of the token at p+1, and the logits predict the token at p+2.
    ///
    /// @param chunks the same sequences and row counts as in `previous`, each row's id the token after it
    public Step draft(Step previous, int depth, List<Chunk> chunks) {
        var batch = batch(chunks, true);
        var mtp = weights.mtp().get(depth);
        int rows = batch.ids().length;
        int d = config.hiddenSize();
        if (previous.streams().rows() != rows) {
            throw new IllegalArgumentException("a draft needs the rows of the step before: "
                    + previous.streams().rows() + ", not " + rows);
        }
        ops.embed(weights.embed(), batch.ids(), rows, work.embedded);
        ops.rmsNorm(work.embedded, mtp.enorm(), config.rmsNormEps(), work.embedded);
        ops.linear(mtp.eProj(), work.embedded, numerics.inputRounding(), work.y);

        int streamRows = rows * config.hcMult();
        var normed = work.nextStreams.resize(rows).view(streamRows, d);
        ops.rmsNorm(previous.streams().view(streamRows, d), mtp.hnorm(), config.rmsNormEps(), normed);
        ops.linear(mtp.hProj(), normed, numerics.inputRounding(), work.streams.view(streamRows, d));
        ops.addToStreams(work.y, work.streams);
        mtpBlocks.get(depth).run(batch, work, StepObserver.NONE);
        for (var chunk : chunks) {
            chunk.sequence().advanceMtp(chunk.ids().length);
        }
        return head(chunks, mtpHcHeads.get(depth), mtp.norm());
    }

    private Step head(List<Chunk> chunks, HyperConnection hc, float[] norm) {
        int[] rows = wantedRows(chunks);
        ops.gatherRows(work.streams, rows, work.headStreams);
        ops.hyperHead(hc, work.headStreams, work.head);
        ops.rmsNorm(work.head, norm, config.rmsNormEps(), work.head);
        ops.linear(weights.head(), work.head, numerics.plainInputRounding(), work.logits);
        return new Step(work.logits, work.streams);
    }

    private static int[] wantedRows(List<Chunk> chunks) {
        int[] rows = new int[chunks.stream().mapToInt(c -> c.ids().length).sum()];
        int count = 0;
        int end = 0;
        for (var chunk : chunks) {
            int from = end;
            end += chunk.ids().length;
            int first = switch (chunk.logits()) {
                case NONE -> end;
                case LAST -> end - 1;
                case ALL -> from;
            };
            for (int r = first; r < end; r++) {
                rows[count++] = r;
            }
        }
        return Arrays.copyOf(rows, count);
    }

    private Batch batch(List<Chunk> chunks, boolean mtp) {
        check(chunks);
        int rows = chunks.stream().mapToInt(c -> c.ids().length).sum();
        int[] ids = new int[rows];
        long[] positions = new long[rows];
        int row = 0;
        for (var chunk : chunks) {
            var sequence = chunk.sequence();
            long position = mtp ? sequence.mtpLength() : sequence.length();
            for (int id : chunk.ids()) {
                ids[row] = id;
                positions[row++] = position++;
            }
        }
        plainRope.fill(positions, rows);
        compressRope.fill(positions, rows);
        return new Batch(chunks, ids, positions, plainRope, compressRope, mtp, mtp ? blocks.size() : 0);
    }

    private void check(List<Chunk> chunks) {
        var seen = new IdentityHashMap<SequenceState, Boolean>();
        for (var chunk : chunks) {
            if (chunk.sequence().model() != this) {
                throw new HadalException("a sequence of another model cannot be continued here; restore it instead");
            }
            if (seen.put(chunk.sequence(), true) != null) {
                throw new HadalException("a sequence appears twice in one step; join its tokens in one chunk");
            }
            if (chunk.ids().length == 0) {
                throw new HadalException("a chunk without tokens cannot be stepped; leave it out");
            }
            for (int id : chunk.ids()) {
                if (id < 0 || id >= config.vocabSize()) {
                    throw new HadalException("token id " + id + " is not in the vocabulary of " + config.vocabSize()
                            + " tokens; check that the tokenizer belongs to this model");
                }
            }
        }
    }

    @Override
    public void close() {
        ops.close();
    }
}
