package ai.hadal.engine;

import ai.hadal.backend.topology.CpuBinding;
import ai.hadal.backend.topology.Topology;
import ai.hadal.model.Numerics;

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

    public EngineOptions withThreads(int threads) {
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

    public EngineOptions withCpuBinding(CpuBinding cpuBinding) {
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

    public EngineOptions withNumerics(Numerics numerics) {
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

    public EngineOptions withContextLength(int contextLength) {
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

    public EngineOptions withPrefillChunk(int prefillChunk) {
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

    public EngineOptions withQuickStart(boolean quickStart) {
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

    public EngineOptions withTimed(boolean timed) {
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

    public EngineOptions withSpeculation(Speculation speculation) {
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

    public EngineOptions withDraftMax(int draftMax) {
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
