package ai.hadal.model;

import ai.hadal.backend.Backend;
import ai.hadal.backend.HyperConnection;
import ai.hadal.backend.RopeAngles;
import ai.hadal.backend.RopeTable;
import ai.hadal.error.HadalException;
import ai.hadal.model.Chunk.Logits;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

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
        var states = new ArrayList<LayerState>(blocks.size());
        for (int layer = 0; layer < blocks.size(); layer++) {
            states.add(layerState(layer));
        }
        return new SequenceState(this, states);
    }

    /// A sequence that continues where another one of this model stood when the snapshot was taken, with the
    /// same bits.
    ///
    /// @param blocks the whole blocks of its tokens, `snapshot.length() / 128` of them
    public SequenceState restore(List<EntryBlock> blocks, WindowSnapshot snapshot) {
        if (blocks.size() != snapshot.length() / EntryBlock.TOKENS) {
            throw new IllegalArgumentException(
                    "a snapshot at " + snapshot.length() + " tokens does not follow " + blocks.size() + " blocks");
        }
        var state = newSequence();
        blocks.forEach(block -> block.appendTo(state));
        snapshot.restore(state);
        state.setLengths(snapshot.length(), snapshot.length());
        return state;
    }

    /// A sequence that knows only the entries of `length` tokens, see [Replay]. It stands before them, at
    /// [Replay#start]. Stepping it through its tokens from there on, in any chunks, leaves these entries
    /// alone and rebuilds all else; once it is past `length` it continues with the same bits as a sequence
    /// that was never taken apart.
    ///
    /// @param blocks the blocks of its tokens, the last of which may cover more
    public SequenceState replay(List<EntryBlock> blocks, long length) {
        return Replay.of(this, blocks, length, Replay.start(config, length));
    }

    /// Names all that a sequence's numbers depend on, the profile included: sequences, blocks and snapshots
    /// move between models with the same fingerprint. Takes milliseconds.
    public String fingerprint() {
        return ModelFingerprint.of(this);
    }

    /// MTP block `block` before its first row of a text.
    public MtpState newMtpState(int block) {
        return new MtpState(this, block, layerState(blocks.size() + block));
    }

    private LayerState layerState(int layer) {
        return LayerState.create(ops, config, layer, numerics.cacheRounding());
    }

    /// Extends every chunk's sequence by its tokens.
    ///
    /// @throws HadalException before anything is changed, if a token is not in the vocabulary, a sequence appears
    ///     twice or belongs to another model
    public Step step(List<Chunk> chunks, StepObserver observer) {
        check(chunks);
        var batch = batch(chunks);
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
        return head(wantedRows(chunks), hcHead, weights.norm());
    }

    public Step step(List<Chunk> chunks) {
        return step(chunks, StepObserver.NONE);
    }

    /// Runs an MTP block on the next rows of a text: the streams of position p join the embedding of the token at p+1,
    /// and the logits predict the token at p+2.
    ///
    /// @param state of the block and the text
    /// @param streams of the positions p, `[rows][S*D]`, from [#step] or, to look further ahead, from this method
    /// @param ids the tokens at p+1, as many
    /// @param wanted which rows of logits to compute
    public Step draft(MtpState state, float[][] streams, int[] ids, Logits wanted) {
        if (state.model() != this || streams.length != ids.length || ids.length == 0) {
            throw new IllegalArgumentException("a draft needs a state of its model and a token for each of the "
                    + streams.length + " rows of streams, not " + ids.length);
        }
        checkVocabulary(ids);
        int rows = ids.length;
        int d = config.hiddenSize();
        var mtp = weights.mtp().get(state.block());
        var batch = batch(List.of(new Batch.Part(rows, _ -> state.layer())), ids, positions(state.length(), rows));
        ops.embed(weights.embed(), ids, rows, work.embedded);
        ops.rmsNorm(work.embedded, mtp.enorm(), config.rmsNormEps(), work.embedded);
        ops.linear(mtp.eProj(), work.embedded, numerics.inputRounding(), work.y);

        int streamRows = rows * config.hcMult();
        work.streams.resize(rows);
        for (int r = 0; r < rows; r++) {
            work.streams.write(r, streams[r], 0);
        }
        var normed = work.nextStreams.resize(rows).view(streamRows, d);
        ops.rmsNorm(work.streams.view(streamRows, d), mtp.hnorm(), config.rmsNormEps(), normed);
        ops.linear(mtp.hProj(), normed, numerics.inputRounding(), work.streams.view(streamRows, d));
        ops.addToStreams(work.y, work.streams);
        mtpBlocks.get(state.block()).run(batch, work, StepObserver.NONE);
        state.advance(rows);
        return head(wantedRows(0, rows, wanted).toArray(), mtpHcHeads.get(state.block()), mtp.norm());
    }

    private Step head(int[] rows, HyperConnection hc, float[] norm) {
        ops.gatherRows(work.streams, rows, work.headStreams);
        ops.hyperHead(hc, work.headStreams, work.head);
        ops.rmsNorm(work.head, norm, config.rmsNormEps(), work.head);
        ops.linear(weights.head(), work.head, numerics.plainInputRounding(), work.logits);
        return new Step(work.logits, work.streams);
    }

    private static int[] wantedRows(List<Chunk> chunks) {
        var rows = IntStream.builder();
        int end = 0;
        for (var chunk : chunks) {
            int from = end;
            end += chunk.ids().length;
            wantedRows(from, end, chunk.logits()).forEach(rows);
        }
        return rows.build().toArray();
    }

    private static IntStream wantedRows(int from, int end, Logits wanted) {
        return switch (wanted) {
            case NONE -> IntStream.empty();
            case LAST -> IntStream.of(end - 1);
            case ALL -> IntStream.range(from, end);
        };
    }

    private Batch batch(List<Chunk> chunks) {
        var parts = new ArrayList<Batch.Part>(chunks.size());
        int[] ids = new int[chunks.stream().mapToInt(c -> c.ids().length).sum()];
        long[] positions = new long[ids.length];
        int row = 0;
        for (var chunk : chunks) {
            int rows = chunk.ids().length;
            parts.add(new Batch.Part(rows, chunk.sequence()::layer));
            System.arraycopy(chunk.ids(), 0, ids, row, rows);
            System.arraycopy(positions(chunk.sequence().length(), rows), 0, positions, row, rows);
            row += rows;
        }
        return batch(parts, ids, positions);
    }

    private static long[] positions(long first, int rows) {
        return LongStream.range(first, first + rows).toArray();
    }

    private Batch batch(List<Batch.Part> parts, int[] ids, long[] positions) {
        plainRope.fill(positions, ids.length);
        compressRope.fill(positions, ids.length);
        return new Batch(parts, ids, positions, plainRope, compressRope);
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
            checkVocabulary(chunk.ids());
        }
    }

    /// Checks that all ids are tokens of the model.
    ///
    /// @throws HadalException if one is not
    public void checkVocabulary(int[] ids) {
        for (int id : ids) {
            if (id < 0 || id >= config.vocabSize()) {
                throw new HadalException("token id " + id + " is not in the vocabulary of " + config.vocabSize()
                        + " tokens; check that the tokenizer belongs to this model");
            }
        }
    }

    @Override
    public void close() {
        ops.close();
    }
}
