package ai.hadal.cli;

import ai.hadal.error.HadalException;
import ai.hadal.train.quantize.Divergence;
import ai.hadal.train.quantize.Quantized;
import ai.hadal.train.quantize.Quantizer;
import ai.hadal.train.quantize.Scales;
import ai.hadal.train.quantize.TargetFormat;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes a checkpoint in other stored formats and says what that cost.
@Command(
        name = "quantize",
        description = "Write a checkpoint in other formats and measure how far its predictions moved.",
        footer = {
            "",
            "Formats:",
            "  official  a folder as the official checkpoints are: matrices FP8, routed experts FP4",
            "  q8_0      a GGUF file, matrices Q8_0",
            "  q4_k      a GGUF file, routed experts Q4_K, other matrices Q8_0",
            "  mxfp4     a GGUF file, routed experts MXFP4, other matrices Q8_0",
            "In GGUF files router, compressors and indexer weights keep the format they have; rows that are no",
            "whole blocks fall back from Q4_K to Q8_0 and from there to F32; an MTP block shares the model's",
            "head hyper-connection. Tensors that have their format already are copied bit for bit.",
            "Example: hadal quantize MODEL -o small.gguf --format q4_k"
        })
final class QuantizeCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelPath modelPath;

    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "The checkpoint.")
    private @Nullable Path model;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "PATH",
            description = "The folder or .gguf file to write; it appears when complete.")
    private Path out = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "NAME",
            defaultValue = "official",
            completionCandidates = FormatNames.class,
            description = "What to write: official (default), q8_0, q4_k or mxfp4.")
    private String format = "official";

    @Option(
            names = "--measure",
            paramLabel = "N",
            defaultValue = "512",
            description = "Tokens to compare the two models on (default: 512; 0 for none).")
    private int measure = 512;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "Text to compare on (default: what the original model says by itself).")
    private @Nullable Path text;

    @Option(names = "--force", description = "Replace what is there.")
    private boolean force;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public void run() {
        var target = TargetFormat.named(format);
        Path source = modelPath.of(model);
        checkMeasure(source);
        Quantized written;
        Divergence divergence = null;
        try (var progress = Progress.open()) {
            // Weights that were rounded in training are in their format already and are copied.
            written = new Quantizer(target, Scales.CLOSEST, force)
                    .write(
                            source,
                            out,
                            (done, total) ->
                                    progress.show("writing: " + Shown.size(done) + " of " + Shown.size(total)));
            if (measure > 0) {
                divergence = Divergence.measure(
                        source,
                        out,
                        measure,
                        text,
                        (what, token, of) -> progress.show(what + ": token " + token + " of " + of));
            }
        }
        PrintWriter print = spec.commandLine().getOut();
        if (json) {
            print.println(json(source, written, divergence));
        } else {
            print(written, divergence, print);
        }
    }

    private void checkMeasure(Path source) {
        if (measure < 0) {
            throw new HadalException("--measure is " + measure + "; give a number of tokens, or 0 to measure nothing");
        }
        if (measure > 0) {
            Divergence.check(source, text);
        }
    }

    private static void print(Quantized written, @Nullable Divergence divergence, PrintWriter print) {
        print.println("wrote " + written.path() + ": " + written.format().label() + ", "
                + Shown.size(written.bytesBefore()) + " -> " + Shown.size(written.bytesAfter()) + ", "
                + Shown.whole(written.copied()) + " of " + Shown.whole(written.tensors())
                + " tensors copied as they were");
        if (divergence != null) {
            print.printf(
                    Locale.ROOT,
                    "KL(original || new): mean %.3g, most %.3g nats a token; same top token at %.1f %%%n",
                    divergence.mean(),
                    divergence.max(),
                    100 * divergence.agreement());
            print.println("measured on " + Shown.whole(divergence.tokens()) + " tokens of " + divergence.text());
        }
    }

    private static ObjectNode json(Path source, Quantized written, @Nullable Divergence divergence) {
        var root = JsonNodeFactory.instance.objectNode();
        root.put("source", source.toString())
                .put("path", written.path().toString())
                .put("format", written.format().label())
                .put("bytes_before", written.bytesBefore())
                .put("bytes_after", written.bytesAfter())
                .put("tensors", written.tensors())
                .put("tensors_copied", written.copied());
        if (divergence == null) {
            return root.putNull("divergence");
        }
        root.putObject("divergence")
                .put("tokens", divergence.tokens())
                .put("text", divergence.text())
                .put("mean_kl", divergence.mean())
                .put("max_kl", divergence.max())
                .put("top1_agreement", divergence.agreement());
        return root;
    }

    private static final class FormatNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(TargetFormat.values()).map(TargetFormat::label).iterator();
        }
    }
}
