package ai.hadal.cli;

import ai.hadal.backend.InputRounding;
import ai.hadal.backend.TimedBackend.OperationTime;
import ai.hadal.engine.Engine;
import ai.hadal.engine.Speculation;
import ai.hadal.train.quantize.Divergence;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a benchmark found and where.
///
/// @param load of the model
/// @param bandwidth bytes a second that the engine's threads can read
/// @param peak operations a second that they can compute
/// @param cost of a token
/// @param divergence of the engine's profile from f32, if it was measured
record BenchReport(
        Engine engine,
        Machine machine,
        Load load,
        Sample bandwidth,
        MultiplyPeak peak,
        TokenCost cost,
        int repetitions,
        List<Bench.Result> results,
        @Nullable Divergence divergence) {

    /// Loading a model, and memory that is not its file's.
    ///
    /// @param storedBytes of the weights
    /// @param seconds from opening its files until it is ready
    /// @param loadedBytes anonymous memory then
    /// @param endBytes anonymous memory after the tests
    record Load(long storedBytes, double seconds, long loadedBytes, long endBytes) {}

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
        fact(
                out,
                "peak",
                Shown.flops(peak.f32()) + "/s on floats"
                        + (peak.int8().isPresent()
                                ? ", " + Shown.operations(peak.int8().getAsDouble()) + "/s on 8-bit integers"
                                : ""));
        fact(
                out,
                "token",
                Shown.size(cost.bytes()) + " of weights and " + Shown.flops(cost.decodeFlops()) + " to decode, "
                        + Shown.flops(cost.prefillFlops()) + " to prefill");
        fact(
                out,
                "load",
                String.format(
                        Locale.ROOT,
                        "%s in %.2f s; %s of other memory then, %s in the end",
                        Shown.size(load.storedBytes()),
                        load.seconds(),
                        Shown.size(load.loadedBytes()),
                        Shown.size(load.endBytes())));
        out.println();
        table(out);
        for (var result : results) {
            operations(out, result);
        }
        if (divergence != null) {
            divergence(out, divergence);
        }
        out.println();
        out.println("Median of " + repetitions + (repetitions == 1 ? " repetition" : " repetitions") + ".");
    }

    private boolean speculates() {
        return engine.options().speculation() != Speculation.OFF;
    }

    private String speculation() {
        return engine.options().speculation().name().toLowerCase(Locale.ROOT);
    }

    /// What comes from disk has a column if it is more than the program itself may need.
    private void table(PrintWriter out) {
        boolean disk =
                results.stream().anyMatch(result -> result.disk().bytes() * 1000 > tokens(result) * cost.bytes());
        var head = new ArrayList<>(List.of("test", "tokens/s", "slowest", "fastest", "reached", "of roof"));
        if (disk) {
            head.add("disk/token");
        }
        var table = new Table(head.toArray(String[]::new));
        for (var result : results) {
            var rate = result.rate();
            var row = new ArrayList<>(List.of(
                    result.test().label(),
                    number(rate.median()),
                    number(rate.min()),
                    number(rate.max()),
                    reached(result),
                    isShareKnown(result) ? String.format(Locale.ROOT, "%.1f %%", 100 * share(result)) : ""));
            if (disk) {
                row.add(Shown.size(Math.round(result.disk().bytes() / tokens(result))));
            }
            table.add(row.toArray(String[]::new));
        }
        table.print(out);
    }

    private String reached(Bench.Result result) {
        if (!isShareKnown(result)) {
            return "";
        }
        double rate = result.rate().median();
        return decodes(result) ? gigabytes(rate * weightBytes(result)) : Shown.flops(rate * cost.prefillFlops()) + "/s";
    }

    /// Whether it is known what a token reads: not where a step of one text may verify drafts.
    private boolean isShareKnown(Bench.Result result) {
        return !decodes(result) || result.test().sequences() > 1 || !speculates();
    }

    private static boolean decodes(Bench.Result result) {
        return result.test().generate() > 0;
    }

    /// Tokens of all repetitions.
    private double tokens(Bench.Result result) {
        return (double) repetitions * result.test().tokens();
    }

    /// Bytes of weights that a token of a decode test reads.
    private long weightBytes(Bench.Result result) {
        return cost.bytes(result.test().sequences());
    }

    /// Of the bandwidth in a decode test; in a prefill test of the peak of the numbers that the profile multiplies.
    private double share(Bench.Result result) {
        double rate = result.rate().median();
        return decodes(result)
                ? rate * weightBytes(result) / bandwidth.median()
                : rate * cost.prefillFlops() / profilePeak();
    }

    private double profilePeak() {
        boolean integers = engine.options().numerics().inputRounding() == InputRounding.INT8;
        return integers ? peak.int8().orElse(peak.f32()) : peak.f32();
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
        double tokens = tokens(result);
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
        root.put("weight_bytes", load.storedBytes());
        root.put("active_weight_bytes_per_token", cost.bytes());
        root.put("decode_flops_per_token", cost.decodeFlops());
        root.put("prefill_flops_per_token", cost.prefillFlops());
        root.put("load_seconds", load.seconds());
        root.put("anonymous_bytes_loaded", load.loadedBytes());
        root.put("anonymous_bytes_end", load.endBytes());
        bandwidth.put(root.putObject("memory_bytes_per_second"));
        var peaks = root.putObject("peak_operations_per_second").put("f32", peak.f32());
        if (peak.int8().isPresent()) {
            peaks.put("int8", peak.int8().getAsDouble());
        } else {
            peaks.putNull("int8");
        }
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
            if (!decodes(result)) {
                node.put("peak_share", share(result));
            } else if (isShareKnown(result)) {
                node.put("weight_bytes_per_token", weightBytes(result));
                node.put("bandwidth_share", share(result));
            }
            node.put("disk_bytes_per_token", result.disk().bytes() / tokens(result));
            node.put("major_faults_per_token", result.disk().majorFaults() / tokens(result));
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
