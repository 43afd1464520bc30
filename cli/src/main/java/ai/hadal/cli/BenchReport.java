package ai.hadal.cli;

import ai.hadal.backend.TimedBackend.OperationTime;
import ai.hadal.engine.Engine;
import ai.hadal.engine.Speculation;
import ai.hadal.train.quantize.Divergence;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a benchmark found and where.
///
/// @param bandwidth bytes a second that the engine's threads can read
/// @param activeBytes weights that one decoded token reads
/// @param divergence of the engine's profile from f32, if it was measured
record BenchReport(
        Engine engine,
        Machine machine,
        Sample bandwidth,
        long activeBytes,
        int repetitions,
        List<Bench.Result> results,
        @Nullable Divergence divergence) {

    void print(PrintWriter out) {
        fact(out, "model", engine.checkpoint().path().toString());
        fact(out, "machine", machine.toString());
        fact(out, "system", Machine.system());
        fact(out, "java", Machine.java());
        fact(out, "backend", engine.description());
        if (speculates()) {
            fact(out, "drafts", speculation() + ", at most " + engine.options().draftMax() + " a step");
        }
        fact(
                out,
                "memory",
                gigabytes(bandwidth.median()) + " read by " + threads() + " (" + gigabytes(bandwidth.min()) + " to "
                        + gigabytes(bandwidth.max()) + ")");
        fact(out, "weights", Shown.size(activeBytes) + " read per decoded token");
        out.println();
        var table = new Table("test", "tokens/s", "slowest", "fastest", "weights read", "of bandwidth");
        for (var result : results) {
            var rate = result.rate();
            // Sequences that decode together share most of what they read, so this says nothing about them.
            boolean decode = readsOnce(result.test());
            table.add(
                    result.test().label(),
                    number(rate.median()),
                    number(rate.min()),
                    number(rate.max()),
                    decode ? gigabytes(rate.median() * activeBytes) : "",
                    decode ? String.format(Locale.ROOT, "%.1f %%", 100 * share(rate)) : "");
        }
        table.print(out);
        for (var result : results) {
            operations(out, result);
        }
        if (divergence != null) {
            divergence(out, divergence);
        }
        out.println();
        out.println("Median of " + repetitions + (repetitions == 1 ? " repetition" : " repetitions") + ".");
    }

    /// Whether each token of the test reads its weights, and no other token uses them.
    private boolean readsOnce(Bench.Test test) {
        return test.generate() > 0 && test.sequences() == 1 && !speculates();
    }

    private boolean speculates() {
        return engine.options().speculation() != Speculation.OFF;
    }

    private String speculation() {
        return engine.options().speculation().name().toLowerCase(Locale.ROOT);
    }

    /// The operations that take a hundredth or more.
    private void operations(PrintWriter out, Bench.Result result) {
        long total =
                result.operations().stream().mapToLong(OperationTime::nanos).sum();
        if (total == 0) {
            return;
        }
        out.println();
        var table = new Table("time in " + result.test().label(), "share", "ms/token", "calls/token");
        double tokens = (double) repetitions * result.test().tokens();
        long shown = 0;
        for (var operation : result.operations()) {
            if (operation.nanos() * 100 >= total) {
                shown += operation.nanos();
                table.add(
                        operation.name(),
                        String.format(Locale.ROOT, "%.1f %%", 100.0 * operation.nanos() / total),
                        String.format(Locale.ROOT, "%.3f", operation.nanos() / 1e6 / tokens),
                        String.format(Locale.ROOT, "%.2f", operation.calls() / tokens));
            }
        }
        table.add(
                "the rest",
                String.format(Locale.ROOT, "%.1f %%", 100.0 * (total - shown) / total),
                String.format(Locale.ROOT, "%.3f", (total - shown) / 1e6 / tokens),
                "");
        table.print(out);
    }

    private static void divergence(PrintWriter out, Divergence divergence) {
        out.println();
        out.printf(
                Locale.ROOT,
                "KL divergence from f32: mean %.2e, largest %.2e nats; the same first choice at %.2f %% of %d tokens%n",
                divergence.mean(),
                divergence.max(),
                100 * divergence.agreement(),
                divergence.tokens());
    }

    private String threads() {
        int n = engine.options().threads();
        return n + (n == 1 ? " thread" : " threads");
    }

    private static void fact(PrintWriter out, String name, String value) {
        out.printf("%-8s %s%n", name, value);
    }

    private static String gigabytes(double bytesPerSecond) {
        return String.format(Locale.ROOT, bytesPerSecond < 1e9 ? "%.3f GB/s" : "%.1f GB/s", bytesPerSecond / 1e9);
    }

    private static String number(double rate) {
        return String.format(Locale.ROOT, rate < 100 ? "%.2f" : "%.0f", rate);
    }

    private double share(Sample rate) {
        return rate.median() * activeBytes / bandwidth.median();
    }

    ObjectNode json() {
        var root = JsonNodeFactory.instance.objectNode();
        root.put("model", engine.checkpoint().path().toString());
        root.put("processor", machine.processor());
        root.put("processors", machine.processors());
        root.put("memory_bytes", machine.memoryBytes());
        root.put("system", Machine.system());
        root.put("java", Machine.java());
        root.put("backend", engine.description());
        root.put("threads", engine.options().threads());
        root.put("batch_size", engine.options().prefillChunk());
        root.put("profile", engine.options().numerics().name());
        root.put("speculative", speculation());
        root.put("active_weight_bytes_per_token", activeBytes);
        bandwidth.put(root.putObject("memory_bytes_per_second"));
        root.put("repetitions", repetitions);
        var array = root.putArray("results");
        for (var result : results) {
            var test = result.test();
            var node = array.addObject()
                    .put("test", test.label())
                    .put("n_prompt", test.prompt())
                    .put("n_gen", test.generate())
                    .put("n_depth", test.depth())
                    .put("n_parallel", test.sequences());
            result.rate().put(node.putObject("tokens_per_second"));
            if (result.drafted() > 0) {
                node.put("draft_n", result.drafted()).put("draft_n_accepted", result.accepted());
            }
            if (readsOnce(test)) {
                node.put("bandwidth_share", share(result.rate()));
            }
            if (!result.operations().isEmpty()) {
                var operations = node.putArray("operations");
                for (var operation : result.operations()) {
                    operations
                            .addObject()
                            .put("name", operation.name())
                            .put("calls", operation.calls())
                            .put("nanoseconds", operation.nanos());
                }
            }
        }
        if (divergence != null) {
            root.putObject("divergence_from_f32")
                    .put("tokens", divergence.tokens())
                    .put("mean_nats", divergence.mean())
                    .put("max_nats", divergence.max())
                    .put("top1_agreement", divergence.agreement());
        }
        return root;
    }
}
