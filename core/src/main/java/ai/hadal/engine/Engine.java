package ai.hadal.engine;

import ai.hadal.backend.Backends;
import ai.hadal.backend.SwitchingBackend;
import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.error.HadalException;
import ai.hadal.model.Chunk;
import ai.hadal.model.Chunk.Logits;
import ai.hadal.model.Model;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.ModelConfigs;
import ai.hadal.model.ModelWeights;
import ai.hadal.model.ModelWeightsLoader;
import ai.hadal.model.MtpState;
import ai.hadal.model.SequenceState;
import ai.hadal.model.Step;
import ai.hadal.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A model ready to generate: an open checkpoint on a backend. Sessions of one engine may live on different
/// threads; their steps take turns.
public final class Engine implements AutoCloseable {

    /// Activations of a larger step would not fit a Java array in the largest models.
    private static final int LARGEST_CHUNK = 16_384;

    private final Checkpoint checkpoint;
    private final @Nullable Tokenizer tokenizer;
    private final Model model;
    private final @Nullable WarmUp warmUp;
    private final EngineOptions options;
    private final int contextLength;
    private final DraftPolicy draftLength = new DraftLength();
    private final ReentrantLock turn = new ReentrantLock(true);
    private boolean closed;

    private Engine(
            Checkpoint checkpoint,
            @Nullable Tokenizer tokenizer,
            Model model,
            @Nullable WarmUp warmUp,
            EngineOptions options,
            int contextLength) {
        this.checkpoint = checkpoint;
        this.tokenizer = tokenizer;
        this.model = model;
        this.warmUp = warmUp;
        this.options = options;
        this.contextLength = contextLength;
    }

    /// Opens a checkpoint directory or GGUF file with default options.
    public static Engine open(Path checkpoint) {
        return open(checkpoint, EngineOptions.defaults());
    }

    /// Opens a checkpoint directory or GGUF file. Files, shapes, tokenizer and memory are checked here, so that
    /// nothing fails late.
    ///
    /// @throws HadalException with one sentence that names what is wrong and what to do
    public static Engine open(Path path, EngineOptions options) {
        var checkpoint = Checkpoint.open(path);
        try {
            var config = ModelConfigs.of(checkpoint);
            int context = contextLength(config, options);
            var paging = LargerThanMemory.paging(checkpoint);
            var weights = ModelWeightsLoader.load(checkpoint, config);
            checkDrafts(options, weights, path);
            var tokenizer = Tokenizers.of(checkpoint, config);
            MemoryPlan.of(config, options.numerics(), context, options.prefillChunk())
                    .requireFit();
            // Last, since it starts threads.
            if (options.quickStart() && options.backend().equals("cpu") && WarmUp.pays(config)) {
                var backend = Backends.starting(options.threads(), options.cpuBinding());
                var model = new Model(config, weights, backend, options.numerics());
                var warmUp = new WarmUp(config, weights, options.numerics(), backend);
                return new Engine(checkpoint, tokenizer, model, warmUp, options, context);
            }
            var backend = options.timed()
                    ? Backends.timed(options.backend(), options.threads(), options.cpuBinding(), paging)
                    : Backends.open(options.backend(), options.threads(), options.cpuBinding(), paging);
            var model = new Model(config, weights, backend, options.numerics());
            return new Engine(checkpoint, tokenizer, model, null, options, context);
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    private static void checkDrafts(EngineOptions options, ModelWeights weights, Path path) {
        if (options.draftMax() < 0 || options.draftMax() > SequenceState.MOST_DRAFTS) {
            throw new HadalException("the most tokens to draft (--draft-max) are " + options.draftMax()
                    + "; they must be 0 to " + SequenceState.MOST_DRAFTS);
        }
        if (options.speculation() == Speculation.MTP && weights.mtp().isEmpty()) {
            throw new HadalException(path + " holds no MTP block to draft with; choose --speculative auto or lookup");
        }
    }

    private static int contextLength(ModelConfig config, EngineOptions options) {
        if (options.prefillChunk() < 1 || options.prefillChunk() > LARGEST_CHUNK) {
            throw new HadalException("the prefill chunk (--batch-size) is " + options.prefillChunk()
                    + " tokens; it must be 1 to " + LARGEST_CHUNK);
        }
        if (options.contextLength() < 0) {
            throw new HadalException("the context length is " + options.contextLength()
                    + "; it must be 1 or more, or 0 for the longest that fits");
        }
        if (options.contextLength() > 0) {
            return options.contextLength();
        }
        int step = Math.min(options.prefillChunk(), config.maxPositions());
        int longest = MemoryPlan.longestContext(config, options.numerics(), step);
        if (longest == 0) {
            MemoryPlan.of(config, options.numerics(), step, step).requireFit();
        }
        return Math.max(1, longest);
    }

    public ModelConfig config() {
        return model.config();
    }

    public Model model() {
        return model;
    }

    /// Whether the checkpoint brought a tokenizer.
    public boolean hasTokenizer() {
        return tokenizer != null;
    }

    /// The checkpoint's tokenizer.
    ///
    /// @throws HadalException if it brought none
    public Tokenizer tokenizer() {
        if (tokenizer == null) {
            throw new HadalException(checkpoint.path()
                    + " brings no tokenizer; put the model's tokenizer.json beside it, or work with token ids");
        }
        return tokenizer;
    }

    public EngineOptions options() {
        return options;
    }

    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /// Longest sequence allowed.
    public int contextLength() {
        return contextLength;
    }

    /// What runs where, in one line: backend, threads, profile.
    public String description() {
        var numerics = model.numerics();
        return model.backend().description(numerics.inputRounding()) + ", profile " + numerics.name();
    }

    /// An empty session.
    public Session newSession() {
        return new Session(this, model.newSequence(), new int[0], newLookahead());
    }

    /// A lookahead for a session that begins.
    Lookahead newLookahead() {
        var drafters = new ArrayList<Drafter>();
        var speculation = options.speculation();
        if (speculation == Speculation.MTP
                || (speculation == Speculation.AUTO && !model.weights().mtp().isEmpty())) {
            drafters.add(new MtpDrafter(this));
        }
        if (speculation == Speculation.LOOKUP || speculation == Speculation.AUTO) {
            drafters.add(new PromptLookup());
        }
        return new Lookahead(drafters, draftLength, options.draftMax());
    }

    /// Whether scalar code still answers, to which a row costs as much as a step.
    boolean isStarting() {
        return model.backend() instanceof SwitchingBackend backend && !backend.switchedOver();
    }

    /// A session saved by [Session#save].
    public Session restore(Path file) {
        return SessionFile.restore(this, file);
    }

    /// Reads what a step computed.
    interface Reader<T> {

        /// @param step valid during the call only
        /// @param start [System#nanoTime] when it began
        T read(Step step, long start);
    }

    /// Runs one step while no other session does, and reads its result before the next one can.
    <T> T step(List<Chunk> chunks, Reader<T> reader) {
        return inTurn(() -> {
            long start = System.nanoTime();
            var step = model.step(chunks);
            if (warmUp != null && chunks.size() == 1 && chunks.getFirst().ids().length == 1) {
                warmUp.answered(System.nanoTime() - start);
            }
            return reader.read(step, start);
        });
    }

    /// Runs [Model#draft] in the same way.
    void draft(MtpState state, float[][] streams, int[] ids, Logits wanted, Consumer<Step> read) {
        inTurn(() -> {
            read.accept(model.draft(state, streams, ids, wanted));
            return true;
        });
    }

    /// Runs tasks that do not depend on each other on the threads that compute, while no step does.
    ///
    /// @param task gets the numbers `0 .. tasks-1`, each once
    void together(int tasks, IntConsumer task) {
        inTurn(() -> {
            model.backend().together(tasks, task);
            return true;
        });
    }

    private <T> T inTurn(Supplier<T> work) {
        turn.lock();
        try {
            if (closed) {
                throw new HadalException("the engine of " + checkpoint.path() + " is closed; open it again");
            }
            return work.get();
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        turn.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (warmUp != null) {
                warmUp.close();
            }
            model.close();
            checkpoint.close();
        } finally {
            turn.unlock();
        }
    }
}
