package ai.hadal.cli;

import ai.hadal.engine.Engine;
import ai.hadal.error.HadalException;
import ai.hadal.model.ModelSize;
import ai.hadal.model.Numerics;
import ai.hadal.train.quantize.Divergence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Tokens a second, next to what the machine's memory would allow.
@Command(
        name = "bench",
        description =
                "Measure prefill and decode speed at several context lengths, and the machine's memory bandwidth.",
        footer = {
            "",
            "A test named pp512 @ d4096 prefills 512 tokens after 4096 others, tg32 decodes 32 tokens, and tg32 x8 32"
                    + " tokens of each of 8 sequences together, whose speeds are added up. Each is warmed up and"
                    + " repeated; the median is shown with the slowest and the fastest run."
        })
final class BenchCommand implements Runnable {

    /// Models that read more than this per token get shorter tests.
    private static final long LARGE = 1L << 30;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions options;

    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "The checkpoint.")
    private @Nullable Path model;

    @Option(
            names = {"-p", "--n-prompt"},
            split = ",",
            paramLabel = "N",
            description = "Tokens to prefill, 0 for no such test (default: 512, large models 128).")
    private @Nullable List<Integer> prompts;

    @Option(
            names = {"-n", "--n-gen"},
            split = ",",
            paramLabel = "N",
            description = "Tokens to decode, 0 for no such test (default: 32, large models 16).")
    private @Nullable List<Integer> generated;

    @Option(
            names = {"-d", "--n-depth"},
            split = ",",
            paramLabel = "N",
            description = "Tokens in the context before (default: 0,512,4096 as far as the model goes, large models"
                    + " 0,512).")
    private @Nullable List<Integer> depths;

    @Option(
            names = {"-np", "--parallel"},
            split = ",",
            paramLabel = "N",
            defaultValue = "1",
            description = "Sequences to decode together, each with a context of its own (default: 1).")
    private List<Integer> parallel = List.of(1);

    @Option(
            names = {"-r", "--repetitions"},
            paramLabel = "N",
            defaultValue = "5",
            description = "Repetitions of each test (default: 5).")
    private int repetitions = 5;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "3",
            description = "How long each test runs before it is measured (default: 3).")
    private double warmUp = 3;

    @Option(
            names = {"-s", "--seed"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the ids (default: 1).")
    private long seed = 1;

    @Option(names = "--ops", description = "Show the time in each operation.")
    private boolean operations;

    @Option(
            names = "--kl-divergence",
            paramLabel = "TOKENS",
            description = "Measure as well how far the profile's predictions are from those of f32, over so many"
                    + " tokens of text that the model says itself.")
    private int divergenceTokens;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public void run() {
        if (repetitions < 1) {
            throw new HadalException("--repetitions is " + repetitions + "; give 1 or more");
        }
        if (!(warmUp >= 0 && warmUp <= 3600)) {
            throw new HadalException("--warm-up is " + warmUp + " seconds; give 0 to 3600");
        }
        Stream.of(prompts, generated, depths).filter(n -> n != null).forEach(BenchCommand::requireCounts);
        for (int n : parallel) {
            if (n < 1 || n > 256) {
                throw new HadalException("--parallel is " + n + " sequences; give 1 to 256");
            }
        }
        if (divergenceTokens < 0) {
            throw new HadalException("--kl-divergence is " + divergenceTokens + " tokens; give 1 or more");
        }
        long start = System.nanoTime();
        try (var engine = options.open(model, operations)) {
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            long loadedBytes = AnonymousMemory.now();
            var stored = ModelSize.stored(engine.checkpoint(), engine.config());
            var cost = TokenCost.of(engine.config(), stored);
            var tests = tests(engine, cost.bytes());
            var machine = Machine.here();
            Sample bandwidth;
            MultiplyPeak peak;
            List<Bench.Result> results = new ArrayList<>();
            @Nullable Divergence divergence;
            try (var progress = Progress.open()) {
                progress.show("measuring memory bandwidth");
                bandwidth = MemoryBandwidth.measure(engine.options().threads(), machine.memoryBytes());
                progress.show("measuring multiplication");
                peak = MultiplyPeak.measure(engine.options().threads());
                var bench = new Bench(engine, repetitions, (long) (warmUp * 1e9), seed);
                for (var test : tests) {
                    results.add(bench.run(test, progress));
                }
                divergence = divergenceTokens == 0 ? null : divergence(engine, progress);
            }
            var load = new BenchReport.Load(stored.total(), loadSeconds, loadedBytes, AnonymousMemory.now());
            var report =
                    new BenchReport(engine, machine, load, bandwidth, peak, cost, repetitions, results, divergence);
            var out = spec.commandLine().getOut();
            if (json) {
                out.println(report.json());
            } else {
                report.print(out);
            }
        }
    }

    private Divergence divergence(Engine engine, Progress progress) {
        var exact = engine.options().withNumerics(Numerics.F32).withTimed(false).withContextLength(divergenceTokens);
        try (var original = Engine.open(engine.checkpoint().path(), exact)) {
            return Divergence.measure(
                    original,
                    engine,
                    divergenceTokens,
                    null,
                    (what, token, of) -> progress.show(what + ": " + token + " of " + of + " tokens"));
        }
    }

    private static void requireCounts(List<Integer> counts) {
        for (int n : counts) {
            if (n < 0) {
                throw new HadalException("a number of tokens is " + n + "; give 0 or more");
            }
        }
    }

    private List<Bench.Test> tests(Engine engine, long activeBytes) {
        boolean large = activeBytes > LARGE;
        int context = engine.contextLength();
        List<Bench.Test> tests = new ArrayList<>();
        for (int depth : depths != null ? depths : large ? List.of(0, 512) : List.of(0, 512, 4096)) {
            for (int n : prompts != null ? prompts : List.of(large ? 128 : 512)) {
                add(tests, new Bench.Test(depth, n, 0, 1), context, depths == null);
            }
            for (int n : generated != null ? generated : List.of(large ? 16 : 32)) {
                for (int sequences : parallel) {
                    add(tests, new Bench.Test(depth, 0, n, sequences), context, depths == null);
                }
            }
        }
        if (tests.isEmpty()) {
            throw new HadalException(
                    "there is nothing to measure; give -p or -n a number of tokens that fits the context" + " of "
                            + context);
        }
        return tests;
    }

    private static void add(List<Bench.Test> tests, Bench.Test test, int context, boolean leaveOut) {
        if (test.tokens() == 0 || (leaveOut && test.context() > context)) {
            return;
        }
        if (test.context() > context) {
            throw new HadalException("test " + test.label() + " needs " + test.context()
                    + " tokens, but the context holds " + context + "; choose fewer or raise --ctx-size");
        }
        tests.add(test);
    }
}
