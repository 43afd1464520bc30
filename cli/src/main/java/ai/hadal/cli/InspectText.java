package ai.hadal.cli;

import ai.hadal.model.ModelConfig;
import ai.hadal.model.ModelPart;
import ai.hadal.model.ModelSize;
import ai.hadal.model.Numerics;
import ai.hadal.model.SequenceSize;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;

/// An inspection for people.
final class InspectText {

    private final Inspection inspection;
    private final Machine machine;
    private final MemoryFit fit;
    private final PrintWriter out;

    InspectText(Inspection inspection, Machine machine, MemoryFit fit, PrintWriter out) {
        this.inspection = inspection;
        this.machine = machine;
        this.fit = fit;
        this.out = out;
    }

    void print(boolean tensors) {
        fact("checkpoint", inspection.path().toString());
        if (inspection.container() != null) {
            int n = inspection.tensors().size();
            fact(
                    "files",
                    inspection.container() + ", " + Shown.whole(n) + (n == 1 ? " tensor, " : " tensors, ")
                            + Shown.size(inspection.fileBytes()));
        }
        var config = inspection.config();
        var parameters = inspection.parameters();
        if (config != null) {
            printConfig(config);
        }
        if (parameters != null) {
            fact(
                    "parameters",
                    Shown.count(parameters.total()) + " total, " + Shown.count(parameters.active())
                            + " active per token"
                            + (parameters.mtp() == 0 ? "" : ", MTP " + Shown.count(parameters.mtp())));
        }
        if (config != null) {
            printTokenizer();
        }
        if (!inspection.tensors().isEmpty()) {
            printFormats();
        }
        if (parameters != null) {
            printParts(parameters);
        }
        if (config != null) {
            printMemory(config);
        }
        if (tensors) {
            printTensors();
        }
        out.println();
        fact("verdict", verdict());
    }

    private void fact(String name, String value) {
        out.printf("%-11s %s%n", name, value);
    }

    private void printConfig(ModelConfig c) {
        fact(
                "layers",
                c.layers() + ": " + layersOf(c, 0) + " SWA (window only), " + layersOf(c, 4) + " CSA (ratio 4), "
                        + layersOf(c, 128) + " HCA (ratio 128)" + (c.mtpLayers() == 0 ? "" : "; MTP " + c.mtpLayers()));
        fact("width", c.hiddenSize() + ", " + c.hcMult() + " residual streams (mHC)");
        fact(
                "attention",
                c.heads() + " heads of " + c.headDim() + " (" + c.ropeDim() + " rope), window " + c.slidingWindow()
                        + ", indexer " + c.indexHeads() + " heads of " + c.indexHeadDim() + ", top " + c.indexTopK());
        fact(
                "experts",
                c.experts() + " routed, " + c.expertsPerToken() + " per token, 1 shared, width " + c.expertWidth()
                        + (c.hashLayers() == 0 ? "" : "; layers 0 to " + (c.hashLayers() - 1) + " route by token id"));
        fact("vocabulary", Shown.whole(c.vocabSize()) + ", begin " + c.bosId() + ", end " + c.eosId());
        fact("context", Shown.whole(c.maxPositions()) + " tokens");
    }

    private static int layersOf(ModelConfig config, int ratio) {
        int n = 0;
        for (int l = 0; l < config.layers(); l++) {
            n += config.compressRatios()[l] == ratio ? 1 : 0;
        }
        return n;
    }

    private void printTokenizer() {
        var tokenizer = inspection.tokenizer();
        fact(
                "tokenizer",
                tokenizer == null
                        ? "none; the model works with token ids"
                        : Shown.whole(tokenizer.tokens()) + " tokens, begin " + tokenizer.bos() + " "
                                + tokenizer.bosText() + ", end " + tokenizer.eos() + " " + tokenizer.eosText());
    }

    private void printFormats() {
        fact(
                "formats",
                inspection.bytesByFormat().entrySet().stream()
                        .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
                        .map(e -> e.getKey() + " " + Shown.size(e.getValue()))
                        .collect(Collectors.joining(", ")));
        var stored = inspection.stored();
        if (stored != null && stored.total() < inspection.fileBytes()) {
            fact("unused", Shown.size(inspection.fileBytes() - stored.total()) + " of the files");
        }
    }

    private void printParts(ModelSize.Parameters parameters) {
        var stored = inspection.stored();
        out.println();
        var table = new Table("part", "parameters", "bytes", "share");
        for (var part : ModelPart.values()) {
            long count = parameters.byPart().getOrDefault(part, 0L);
            if (count > 0) {
                long bytes = stored == null ? 0 : stored.byPart().getOrDefault(part, 0L);
                table.add(
                        part.label(),
                        Shown.count(count),
                        stored == null ? "-" : Shown.size(bytes),
                        stored == null ? "-" : percent(bytes, stored.total()));
            }
        }
        table.add(
                "all",
                Shown.count(parameters.total() + parameters.mtp()),
                stored == null ? "-" : Shown.size(stored.total()),
                stored == null ? "-" : "100.0 %");
        table.print(out);
    }

    private static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / Math.max(1, whole));
    }

    private void printMemory(ModelConfig config) {
        out.println();
        var table = new Table("context", "KV entries", "KV window", "prefill step", "Java heap", "fits");
        for (var plan : fit.plans()) {
            table.add(
                    Shown.whole(plan.context()),
                    Shown.size(plan.entryBytes()),
                    Shown.size(plan.fixedBytes()),
                    Shown.size(plan.stepBytes()),
                    Shown.size(plan.totalBytes()),
                    plan.fits() ? "yes" : "no");
        }
        table.print(out);
        out.println();
        fact(
                "KV cache",
                "grows by " + Shown.size(Math.round(SequenceSize.bytesPerToken(config, Numerics.F32))) + " per token");
        fact("machine", machine.toString());
        var stored = inspection.stored();
        if (stored != null) {
            fact(
                    "weights",
                    Shown.size(stored.total()) + " mapped, "
                            + Shown.size(TokenCost.of(config, stored).bytes()) + " read per token");
        }
    }

    private void printTensors() {
        out.println();
        var table = new Table("tensor", "format", "shape", "bytes").left(3);
        for (var tensor : inspection.tensors()) {
            table.add(
                    tensor.name(),
                    tensor.format(),
                    tensor.bytes() < 0 ? "-" : tensor.shape().toString(),
                    tensor.bytes() < 0 ? "-" : Shown.whole(tensor.bytes()));
        }
        table.print(out);
    }

    private String verdict() {
        int problems = inspection.problems().size();
        if (problems > 0) {
            return "broken: " + problems + (problems == 1 ? " problem" : " problems");
        }
        String checked = inspection.valuesChecked() ? "in order" : "headers in order (--check reads the scales too)";
        var config = inspection.config();
        var stored = inspection.stored();
        if (stored == null || config == null) {
            return checked;
        }
        var longest = fit.longest();
        if (longest == null) {
            return checked + "; no context fits the Java heap, raise it with HADAL_JAVA_OPTS=-Xmx...";
        }
        boolean resident = stored.total() + longest.totalBytes() <= machine.memoryBytes();
        return checked + "; runs here with a context of up to " + Shown.whole(longest.context()) + " tokens"
                + (resident ? ", weights stay in memory" : ", but weights are read from disk: they exceed memory");
    }
}
