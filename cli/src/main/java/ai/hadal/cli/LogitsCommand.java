package ai.hadal.cli;

import ai.hadal.checkpoint.SafetensorsWriter;
import ai.hadal.engine.Engine;
import ai.hadal.engine.Session;
import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The logits at every position of a sequence of ids, as a file. Rows go to the file as they are computed, so
/// neither a long sequence nor a wide vocabulary has to fit in memory.
@Command(
        name = "logits",
        description = "Write the logits at every position of token ids to a safetensors file.",
        footer = {
            "",
            "The file holds one F32 tensor `logits` [tokens, vocabulary]. No tokenizer is needed.",
            "Example: hadal logits MODEL --ids 0,17,4 --out logits.safetensors"
        })
final class LogitsCommand implements Runnable {

    /// Floats of logits in one step: 64 MiB.
    private static final int STEP_FLOATS = 1 << 24;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions options;

    @Mixin
    private TokenIds tokenIds;

    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "The checkpoint.")
    private @Nullable Path model;

    @Option(
            names = "--split",
            paramLabel = "N",
            description = "Prefill N tokens and decode the others one by one (default: prefill all).")
    private @Nullable Integer split;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "FILE",
            description = "The file to write; it appears when complete.")
    private Path out = Path.of("");

    @Override
    public void run() {
        int[] ids = tokenIds.read();
        int prefill = split == null ? ids.length : split;
        if (prefill < 1 || prefill > ids.length) {
            throw new HadalException(
                    "--split is " + prefill + ", but there are " + ids.length + " tokens; choose 1 to " + ids.length);
        }
        checkTarget();
        try (var engine = options.openFor(model, ids.length)) {
            TokenIds.check(ids, engine.config(), engine.contextLength());
            write(engine, ids, prefill);
            spec.commandLine()
                    .getErr()
                    .println("wrote " + out + ": logits [" + ids.length + ", "
                            + engine.config().vocabSize() + "], "
                            + engine.description());
        }
    }

    private void checkTarget() {
        Path folder = out.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(out)) {
            throw new HadalException(out + " is a folder; give --out the name of a file in it");
        }
        if (!Files.isDirectory(folder)) {
            throw new HadalException("the folder " + folder + " of --out does not exist; create it or choose another");
        }
    }

    private void write(Engine engine, int[] ids, int prefill) {
        int vocabulary = engine.config().vocabSize();
        int chunk = Math.clamp(STEP_FLOATS / vocabulary, 1, options.batchSize());
        var entry = new SafetensorsWriter.Entry("logits", Format.F32, ids.length, vocabulary);
        var metadata = Map.of("profile", engine.options().numerics().name());
        try (var writer = SafetensorsWriter.create(out, List.of(entry), metadata);
                var progress = Progress.open()) {
            Session session = engine.newSession();
            int at = 0;
            while (at < ids.length) {
                int end = at < prefill ? Math.min(prefill, at + chunk) : at + 1;
                for (float[] row : session.logits(Arrays.copyOfRange(ids, at, end))) {
                    writer.writeFloats(row);
                }
                at = end;
                progress.show("logits of token " + at + " of " + ids.length);
            }
            writer.commit();
        }
    }
}
