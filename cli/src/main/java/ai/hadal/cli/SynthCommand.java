package ai.hadal.cli;

import ai.hadal.checkpoint.ConfigFile;
import ai.hadal.error.HadalException;
import ai.hadal.model.ModelSize;
import ai.hadal.train.synth.Synth;
import ai.hadal.train.synth.SynthFormat;
import ai.hadal.train.synth.SynthPreset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes a checkpoint of random weights.
@Command(
        name = "synth",
        description = "Write a checkpoint of random weights, to measure engines without a download.",
        footer = {
            "",
            "Presets:",
            "  mid    ten layers of half the width of V4-Flash, 2.7 GB with 4-bit experts",
            "  slice  four layers with the true dimensions of V4-Flash, 15.5 GB",
            "Formats:",
            "  official  a folder as the official checkpoints are: matrices FP8, routed experts FP4",
            "  mxfp4, q8_0, q6_k, q4_k, q2_k, iq2_xxs, bf16, f16",
            "            a GGUF file, routed experts in the format, other matrices Q8_0",
            "The same shape, format and seed give the same file on every machine.",
            "Example: hadal synth mid -o mid.gguf && hadal bench mid.gguf"
        })
final class SynthCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PRESET",
            completionCandidates = PresetNames.class,
            description = "The shape: mid or slice.")
    private @Nullable String preset;

    @Option(names = "--config", paramLabel = "FILE", description = "The shape: the config.json of a DeepSeek-V4 model.")
    private @Nullable Path config;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "PATH",
            description = "The folder or .gguf file to write; it appears when complete.")
    private Path out = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "NAME",
            completionCandidates = FormatNames.class,
            description = "What to write (default: mxfp4 for a .gguf file, official for a folder).")
    private @Nullable String format;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Of the numbers (default: 0).")
    private long seed;

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "A tokenizer.json to bring along (default: that of the built-in model).")
    private @Nullable Path tokenizer;

    @Option(names = "--force", description = "Replace what is there.")
    private boolean force;

    @Override
    public void run() {
        boolean gguf = out.toString().endsWith(".gguf");
        var target = format != null ? SynthFormat.named(format) : gguf ? SynthFormat.MXFP4 : SynthFormat.OFFICIAL;
        String name;
        String text;
        if (config != null && preset == null) {
            name = config.toString();
            text = ConfigFile.text(config);
        } else if (preset != null && config == null) {
            name = preset;
            text = SynthPreset.named(preset).config();
        } else {
            throw new HadalException("give the model's shape: a preset, mid or slice, or --config FILE"
                    + (preset == null ? "" : ", but not both"));
        }
        Synth.Written written;
        try (var progress = Progress.open()) {
            written = new Synth(target, seed, tokenizer(), force)
                    .write(
                            text,
                            name,
                            out,
                            (done, total) ->
                                    progress.show("writing: " + Shown.size(done) + " of " + Shown.size(total)));
        }
        spec.commandLine()
                .getOut()
                .println("wrote " + written.path() + ": " + target.label() + ", "
                        + Shown.whole(Math.round(
                                ModelSize.parameters(written.config()).total() / 1e6))
                        + " M random parameters, " + Shown.size(written.bytes()) + ", seed " + seed);
    }

    private @Nullable Path tokenizer() {
        return tokenizer != null ? tokenizer : BuiltInModel.tokenizer();
    }

    private static final class FormatNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(SynthFormat.values()).map(SynthFormat::label).iterator();
        }
    }

    private static final class PresetNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(SynthPreset.values()).map(SynthPreset::label).iterator();
        }
    }
}
