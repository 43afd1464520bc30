package ai.hadal.checkpoint;

import ai.hadal.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;

/// An open checkpoint: named, typed tensors mapped from its files. Opening reads headers only, so a checkpoint
/// larger than memory opens at once. Closing unmaps; no tensor may be used afterwards.
public sealed interface Checkpoint extends AutoCloseable permits HuggingFaceCheckpoint, GgufCheckpoint {

    /// Opens a checkpoint directory (config.json and safetensors) or a GGUF file (the first of a split set).
    ///
    /// @throws ai.hadal.error.HadalException with one sentence that names the file and what is wrong with it
    static Checkpoint open(Path path) {
        return Checkpoints.open(path);
    }

    /// What was opened: the directory or the (first) GGUF file.
    Path path();

    /// All tensors by their stored name, in file order.
    Map<String, Tensor> tensors();

    /// The file that holds a tensor, for messages; [#path] for a name that no file has.
    Path fileOf(String tensor);

    @Override
    void close();
}
