package ai.hadal.engine;

import ai.hadal.backend.topology.CpuBinding;
import ai.hadal.backend.topology.Topology;
import ai.hadal.model.Numerics;
import java.util.function.Consumer;

/// How an engine runs a model.
///
/// @param backend `cpu` or `reference`
/// @param threads compute threads of a CPU backend
/// @param cpuBinding where those of them stay that are not callers
/// @param numerics the numerics profile
/// @param contextLength longest sequence to allow; 0 for as long as the Java heap allows, at most the model's
///     positions (a longer one is computed, but the model was not made for it)
/// @param prefillChunk prompt tokens in one step: more is faster and needs more memory; never changes a result
/// @param quickStart let scalar code answer while the `cpu` backend's kernels are compiled, where the model is small
///     and there is a second processor: the first answer of a process comes sooner
/// @param timed measure the operations, see [ai.hadal.backend.TimedBackend]; not together with `quickStart`
/// @param speculation where drafts come from; used while they are measured to pay, and never changes a result
/// @param draftMax most drafts to verify in one step, at most [ai.hadal.model.SequenceState#MOST_DRAFTS]
public record EngineOptions(
        String backend,
        int threads,
        CpuBinding cpuBinding,
        Numerics numerics,
        int contextLength,
        int prefillChunk,
        boolean quickStart,
        boolean timed,
        Speculation speculation,
        int draftMax) {

    /// Most drafts in a step by default: further ones are seldom right.
    public static final int DEFAULT_DRAFT_MAX = 8;

    /// A thread for each physical core, spread over NUMA nodes where there are several, profile `f32`, the longest
    /// context that fits, prompts in steps of 512 tokens, drafts where they pay.
    public static EngineOptions defaults() {
        return new EngineOptions(
                "cpu",
                Topology.defaultThreads(),
                CpuBinding.NODE,
                Numerics.F32,
                0,
                512,
                false,
                false,
                Speculation.AUTO,
                DEFAULT_DRAFT_MAX);
    }

    public EngineOptions withBackend(String backend) {
        return with(copy -> copy.backend = backend);
    }

    public EngineOptions withThreads(int threads) {
        return with(copy -> copy.threads = threads);
    }

    public EngineOptions withCpuBinding(CpuBinding cpuBinding) {
        return with(copy -> copy.cpuBinding = cpuBinding);
    }

    public EngineOptions withNumerics(Numerics numerics) {
        return with(copy -> copy.numerics = numerics);
    }

    public EngineOptions withContextLength(int contextLength) {
        return with(copy -> copy.contextLength = contextLength);
    }

    public EngineOptions withPrefillChunk(int prefillChunk) {
        return with(copy -> copy.prefillChunk = prefillChunk);
    }

    public EngineOptions withQuickStart(boolean quickStart) {
        return with(copy -> copy.quickStart = quickStart);
    }

    public EngineOptions withTimed(boolean timed) {
        return with(copy -> copy.timed = timed);
    }

    public EngineOptions withSpeculation(Speculation speculation) {
        return with(copy -> copy.speculation = speculation);
    }

    public EngineOptions withDraftMax(int draftMax) {
        return with(copy -> copy.draftMax = draftMax);
    }

    /// The components of a copy, to change one of them.
    private static final class Copy {
        private String backend;
        private int threads;
        private CpuBinding cpuBinding;
        private Numerics numerics;
        private int contextLength;
        private int prefillChunk;
        private boolean quickStart;
        private boolean timed;
        private Speculation speculation;
        private int draftMax;

        Copy(EngineOptions from) {
            backend = from.backend;
            threads = from.threads;
            cpuBinding = from.cpuBinding;
            numerics = from.numerics;
            contextLength = from.contextLength;
            prefillChunk = from.prefillChunk;
            quickStart = from.quickStart;
            timed = from.timed;
            speculation = from.speculation;
            draftMax = from.draftMax;
        }

        EngineOptions whole() {
            return new EngineOptions(
                    backend,
                    threads,
                    cpuBinding,
                    numerics,
                    contextLength,
                    prefillChunk,
                    quickStart,
                    timed,
                    speculation,
                    draftMax);
        }
    }

    private EngineOptions with(Consumer<Copy> change) {
        var copy = new Copy(this);
        change.accept(copy);
        return copy.whole();
    }
}
