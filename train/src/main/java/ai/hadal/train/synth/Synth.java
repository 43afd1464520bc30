package ai.hadal.train.synth;

import ai.hadal.checkpoint.PartFolder;
import ai.hadal.error.HadalException;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.ModelConfigs;
import ai.hadal.model.TensorPlan;
import ai.hadal.tensor.Format;
import ai.hadal.tokenizer.Vocabulary;
import ai.hadal.train.quantize.FormatRule;
import ai.hadal.train.quantize.GgufDescription;
import ai.hadal.train.quantize.GgufModel;
import ai.hadal.train.quantize.OfficialFolder;
import ai.hadal.train.quantize.QuantizeProgress;
import ai.hadal.train.quantize.TargetCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Writes checkpoints of random weights: nothing sensible comes out of such a model, but it costs what a trained one
/// costs. The same configuration, format and seed give the same bytes. What is written appears when it is complete; a
/// failure or Ctrl-C leaves nothing.
///
/// @param format what to write
/// @param seed of the numbers
/// @param tokenizer a `tokenizer.json` that the checkpoint brings along, null for none
/// @param replace whether what has the target's name may be replaced
public record Synth(SynthFormat format, long seed, @Nullable Path tokenizer, boolean replace) {

    /// A checkpoint that was written.
    ///
    /// @param bytes of its tensors, scales included
    public record Written(Path path, ModelConfig config, long bytes) {}

    /// Writes a checkpoint.
    ///
    /// @param config the text of a `config.json`, of which `name` tells in errors
    /// @param target the folder or .gguf file to write; its parent exists
    /// @throws HadalException when the configuration is none of DeepSeek-V4, or the target is there already or its
    ///     disk has no room for it
    public Written write(String config, String name, Path target, QuantizeProgress progress) {
        new TargetCheck(format.label(), format.isGguf(), replace).check(null, target);
        try {
            ModelConfig shape = ModelConfigs.ofText(Path.of(name), config);
            var vocabulary = tokenizer == null ? null : vocabulary(tokenizer, shape);
            long bytes = format.isGguf()
                    ? gguf(shape, vocabulary, target, progress)
                    : official(shape, config, target, progress);
            return new Written(target, shape, bytes);
        } catch (IOException e) {
            throw new HadalException(target + " cannot be written (" + e + "); check the folder and the free space", e);
        }
    }

    private static Vocabulary vocabulary(Path tokenizer, ModelConfig config) {
        var vocabulary = Vocabulary.fromJson(tokenizer);
        if (vocabulary.tokens().size() > config.vocabSize()) {
            throw new HadalException(tokenizer + " has " + vocabulary.tokens().size() + " tokens, but the model only "
                    + config.vocabSize() + "; choose a smaller one with --tokenizer");
        }
        return vocabulary;
    }

    private long gguf(ModelConfig config, @Nullable Vocabulary vocabulary, Path target, QuantizeProgress progress)
            throws IOException {
        var experts = format.experts();
        var model = new GgufModel(config, tensor -> FormatRule.gguf(tensor, experts, Format.BF16));
        TargetCheck.requireSpace(target, model.bytes());
        model.write(
                target,
                GgufDescription.model(config, experts, vocabulary, true),
                new RandomTensors(config, seed, progress, model.bytes()));
        return model.bytes();
    }

    private long official(ModelConfig config, String text, Path target, QuantizeProgress progress) throws IOException {
        var weights = new OfficialFolder(TensorPlan.of(config), OfficialFolder.SHARD_BYTES);
        TargetCheck.requireSpace(target, weights.bytes());
        try (var folder = PartFolder.create(target)) {
            Files.writeString(folder.path().resolve("config.json"), text);
            if (tokenizer != null) {
                Files.write(folder.path().resolve("tokenizer.json"), Files.readAllBytes(tokenizer));
            }
            weights.write(folder.path(), new RandomTensors(config, seed, progress, weights.bytes()));
            folder.commit();
        }
        return weights.bytes();
    }
}
