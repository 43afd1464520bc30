package ai.hadal.train.quantize;

import ai.hadal.checkpoint.GgufPairs;
import ai.hadal.checkpoint.GgufWriter;
import ai.hadal.checkpoint.GgufWriter.Entry;
import ai.hadal.model.GgufLayout;
import ai.hadal.model.GgufLayout.FileTensor;
import ai.hadal.model.GgufLayout.Join;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.TensorPlan.Planned;
import ai.hadal.tensor.Format;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A whole model in one GGUF file.
///
/// Source: GGUF facts for `deepseek4`.
public final class GgufModel {

    private final List<FileTensor> tensors;
    private final List<Entry> entries = new ArrayList<>();

    /// @param formats of each tensor
    public GgufModel(ModelConfig config, Function<Planned, Format> formats) {
        this.tensors = GgufLayout.tensors(config);
        for (var tensor : tensors) {
            var format = formats.apply(tensor.parts().getFirst());
            entries.add(new Entry(tensor.name(), format, tensor.shape()));
        }
    }

    /// Bytes of all tensors.
    public long bytes() {
        return entries.stream().mapToLong(Entry::bytes).sum();
    }

    /// Writes the file.
    public void write(Path file, GgufPairs metadata, TensorBytes bytes) {
        try (var writer = GgufWriter.create(file, metadata, entries)) {
            for (int i = 0; i < tensors.size(); i++) {
                var tensor = tensors.get(i);
                var format = entries.get(i).format();
                if (tensor.join() == Join.SIDE_BY_SIDE) {
                    bytes.writeSideBySide(tensor.parts(), format, writer::write);
                } else {
                    bytes.write(tensor.parts(), format, writer::write);
                }
            }
            writer.commit();
        }
    }
}
