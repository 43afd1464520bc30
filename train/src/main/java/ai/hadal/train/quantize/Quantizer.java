package ai.hadal.train.quantize;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.PartFolder;
import ai.hadal.error.HadalException;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.ModelConfigs;
import ai.hadal.model.ModelSize;
import ai.hadal.model.OfficialTensors;
import ai.hadal.tensor.Format;
import java.io.IOException;
import java.nio.file.Path;

/// Writes a DeepSeek-V4 checkpoint in other stored formats, tensor by tensor: memory holds a few megabytes of it,
/// however large it is. What is written appears when it is complete; a failure or Ctrl-C leaves nothing.
public final class Quantizer {

    private final TargetFormat format;
    private final Scales scales;
    private final boolean replace;
    private final long shardBytes;

    /// @param format what to write
    /// @param scales how FP4 scales are chosen
    /// @param replace whether what has the target's name may be replaced
    public Quantizer(TargetFormat format, Scales scales, boolean replace) {
        this(format, scales, replace, OfficialFolder.SHARD_BYTES);
    }

    Quantizer(TargetFormat format, Scales scales, boolean replace, long shardBytes) {
        this.format = format;
        this.scales = scales;
        this.replace = replace;
        this.shardBytes = shardBytes;
    }

    /// Writes a checkpoint as a folder in the official layout, as weights rounded in training are meant to be read.
    ///
    /// @param source a safetensors folder in any stored formats, or a GGUF file
    /// @param target the folder, which is not there yet
    /// @throws HadalException as [#write]
    public static Quantized official(Path source, Path target, QuantizeProgress progress) {
        return new Quantizer(TargetFormat.OFFICIAL, Scales.FITTING, false).write(source, target, progress);
    }

    /// Writes a checkpoint.
    ///
    /// @param source a safetensors folder in any stored formats, or a GGUF file
    /// @param target the folder or file to write; its parent exists
    /// @throws HadalException when the source is no DeepSeek-V4 checkpoint or damaged, the target is there already,
    ///     is the source, or the disk has no room for it
    public Quantized write(Path source, Path target, QuantizeProgress progress) {
        new TargetCheck(format.label(), format.isGguf(), replace).check(source, target);
        try (var checkpoint = Checkpoint.open(source)) {
            var config = ModelConfigs.of(checkpoint);
            var tensors = OfficialTensors.of(checkpoint, config);
            long before = ModelSize.stored(checkpoint, config).total();
            return format.isGguf()
                    ? gguf(checkpoint, config, tensors, target, before, progress)
                    : official(checkpoint, config, tensors, target, before, progress);
        } catch (IOException e) {
            throw new HadalException(target + " cannot be written (" + e + "); check the folder and the free space", e);
        }
    }

    private Quantized gguf(
            Checkpoint source,
            ModelConfig config,
            OfficialTensors tensors,
            Path target,
            long before,
            QuantizeProgress progress)
            throws IOException {
        var model = new GgufModel(
                config,
                planned -> FormatRule.gguf(
                        planned,
                        format.experts(),
                        planned.parameters() ? tensors.weight(planned).format() : Format.I32));
        TargetCheck.requireSpace(target, model.bytes());
        var stream = new TensorStream(tensors, scales, progress, model.bytes());
        model.write(target, GgufDescription.source(source, config, format.experts()), stream);
        return new Quantized(target, format, tensors.plan().size(), stream.copied(), before, model.bytes());
    }

    private Quantized official(
            Checkpoint source,
            ModelConfig config,
            OfficialTensors tensors,
            Path target,
            long before,
            QuantizeProgress progress)
            throws IOException {
        var weights = new OfficialFolder(tensors.plan(), shardBytes);
        TargetCheck.requireSpace(target, weights.bytes());
        var stream = new TensorStream(tensors, scales, progress, weights.bytes());
        try (var folder = PartFolder.create(target)) {
            // First, since it finds out sooner what can't be said.
            OfficialFiles.write(folder.path(), source, config);
            weights.write(folder.path(), stream);
            folder.commit();
        }
        return new Quantized(target, format, tensors.plan().size(), stream.copied(), before, weights.bytes());
    }
}
