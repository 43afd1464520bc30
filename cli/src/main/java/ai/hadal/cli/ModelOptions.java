package ai.hadal.cli;

import ai.hadal.backend.Backends;
import ai.hadal.backend.topology.CpuBinding;
import ai.hadal.backend.topology.Topology;
import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.engine.Speculation;
import ai.hadal.error.HadalException;
import ai.hadal.model.Numerics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of every command that runs a model: which checkpoint, on what, with which arithmetic.
final class ModelOptions {

    @Mixin
    private ModelPath path;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "cpu",
            completionCandidates = BackendNames.class,
            description = "What computes: cpu, or reference, the plain and slow definition (default: cpu).")
    private String backend = "cpu";

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Compute threads (default: one for each physical core).")
    private @Nullable Integer threads;

    @Option(
            names = "--cpu-bind",
            paramLabel = "WHERE",
            defaultValue = "node",
            completionCandidates = BindingNames.class,
            description =
                    "Where compute threads stay: node (default) spreads threads and memory over NUMA nodes where there"
                            + " are several, core also keeps each thread on a physical core that nobody else should"
                            + " use, off leaves it to the system.")
    private String cpuBinding = "node";

    @Option(
            names = {"-c", "--ctx-size"},
            paramLabel = "TOKENS",
            defaultValue = "0",
            description = "The longest text, prompt and answer (default: 0, as long as model and memory allow).")
    private int contextSize;

    @Option(
            names = {"-b", "--batch-size"},
            paramLabel = "TOKENS",
            defaultValue = "512",
            description = "Prompt tokens in one step; the result does not depend on it (default: 512).")
    private int batchSize = 512;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = "auto",
            completionCandidates = ProfileNames.class,
            description = "The numerics: f32 keeps activations in float, int8 takes inputs of 4-bit and quantised GGUF"
                    + " weights to 8-bit integers; auto (default) is int8 for GGUF files where kernels in C multiply such"
                    + " integers (x86 with AVX2, 64-bit ARM), else f32.")
    private String profile = "auto";

    @Option(
            names = "--qat",
            paramLabel = "WHICH",
            defaultValue = "on",
            completionCandidates = QatNames.class,
            description =
                    "Rounding as in training: on (default) rounds cache entries, full also the inputs of FP8 and FP4"
                            + " weights, off nothing.")
    private String qat = "on";

    @Option(
            names = "--speculative",
            paramLabel = "WHAT",
            completionCandidates = SpeculationNames.class,
            description =
                    "Drafts, verified several tokens a step; they change the speed, never the text: auto (default;"
                            + " off in bench) uses all that are measured to pay, lookup only repetitions of the text, mtp only"
                            + " the model's MTP block, off none.")
    private @Nullable String speculative;

    @Option(
            names = "--draft-max",
            paramLabel = "N",
            defaultValue = "8",
            description = "The most tokens to draft for a step (default: 8).")
    private int draftMax = EngineOptions.DEFAULT_DRAFT_MAX;

    /// The checkpoint to use, see [ModelPath#of].
    Path path(@Nullable Path positional) {
        return path.of(positional);
    }

    /// Whether a model is named, see [ModelPath#isNamed].
    boolean isNamed(@Nullable Path positional) {
        return path.isNamed(positional);
    }

    /// The name of a model on a server, null if none is named.
    @Nullable
    String remoteName(@Nullable Path positional) {
        var named = path.named(positional);
        return named == null ? null : named.toString();
    }

    /// Context length as given: 0 for the longest.
    int contextSize() {
        return contextSize;
    }

    /// Prompt tokens in one step.
    int batchSize() {
        return batchSize;
    }

    /// @param checkpoint what will be opened, on which the profile depends
    /// @throws HadalException if profile or rounding are unknown
    EngineOptions engineOptions(Path checkpoint) {
        return new EngineOptions(
                backend,
                threads == null ? Topology.defaultThreads() : threads,
                cpuBinding(),
                numerics(checkpoint),
                contextSize,
                batchSize,
                false,
                false,
                speculation(Speculation.AUTO),
                draftMax);
    }

    private CpuBinding cpuBinding() {
        return switch (cpuBinding) {
            case "node" -> CpuBinding.NODE;
            case "core" -> CpuBinding.CORE;
            case "off" -> CpuBinding.OFF;
            default -> throw new HadalException("--cpu-bind is `" + cpuBinding + "`; choose node, core or off");
        };
    }

    private Speculation speculation(Speculation unlessGiven) {
        if (speculative == null) {
            return unlessGiven;
        }
        return switch (speculative) {
            case "auto" -> Speculation.AUTO;
            case "off" -> Speculation.OFF;
            case "lookup" -> Speculation.LOOKUP;
            case "mtp" -> Speculation.MTP;
            default ->
                throw new HadalException("--speculative is `" + speculative + "`; choose auto, off, lookup or mtp");
        };
    }

    private Numerics numerics(Path checkpoint) {
        if (profile.equals(Numerics.INT8.name())) {
            if (!qat.equals("on")) {
                throw new HadalException("--qat " + qat + " belongs to --profile f32; leave one of the two out");
            }
            return Numerics.INT8;
        }
        if (!profile.equals(Numerics.F32.name()) && !profile.equals("auto")) {
            throw new HadalException("there is no numerics profile `" + profile + "`; choose auto, f32 or int8");
        }
        if (profile.equals("auto") && qat.equals("on")) {
            return usualNumerics(checkpoint);
        }
        return switch (qat) {
            case "on" -> Numerics.F32;
            case "off" -> Numerics.F32_QAT_OFF;
            case "full" -> Numerics.F32_QAT_FULL;
            default -> throw new HadalException("--qat is `" + qat + "`; choose on, off or full");
        };
    }

    /// The profile of a checkpoint where none is asked for. GGUF files are made for 8-bit activations; official folders
    /// are computed as they were published.
    static Numerics usualNumerics(Path checkpoint) {
        return Files.isRegularFile(checkpoint) && Backends.hasIntegerKernels() ? Numerics.INT8 : Numerics.F32;
    }

    /// Opens the engine, with a line about it on a terminal's standard error while it takes.
    ///
    /// @param positional as in [#path]
    Engine open(@Nullable Path positional) {
        var checkpoint = path(positional);
        return open(checkpoint, engineOptions(checkpoint));
    }

    /// As [#open(Path)], to measure: without drafts unless they are asked for, and with a backend that measures its
    /// operations if `timed`.
    Engine open(@Nullable Path positional, boolean timed) {
        var checkpoint = path(positional);
        return open(
                checkpoint, engineOptions(checkpoint).withTimed(timed).withSpeculation(speculation(Speculation.OFF)));
    }

    /// As [#open(Path)], with a context of just as many tokens as the command needs unless --ctx-size says
    /// otherwise.
    Engine openFor(@Nullable Path positional, long tokens) {
        var checkpoint = path(positional);
        var engineOptions = engineOptions(checkpoint);
        return open(
                checkpoint,
                contextSize == 0
                        ? engineOptions.withContextLength(Math.clamp(tokens, 1, Integer.MAX_VALUE))
                        : engineOptions);
    }

    /// As [#open(Path)] for a checkpoint that [#path] gave, with options of the command's own.
    Engine open(Path checkpoint, EngineOptions options) {
        try (var progress = Progress.open()) {
            progress.show("mapping " + checkpoint + " ...");
            return Engine.open(checkpoint, options);
        }
    }

    private static final class BackendNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("cpu", "reference").iterator();
        }
    }

    private static final class BindingNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("node", "core", "off").iterator();
        }
    }

    private static final class ProfileNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("auto", Numerics.F32.name(), Numerics.INT8.name()).iterator();
        }
    }

    private static final class SpeculationNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("auto", "off", "lookup", "mtp").iterator();
        }
    }

    private static final class QatNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("on", "off", "full").iterator();
        }
    }
}
