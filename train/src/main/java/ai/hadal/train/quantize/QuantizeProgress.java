package ai.hadal.train.quantize;

/// Watches a checkpoint being written.
public interface QuantizeProgress {

    /// Watches nothing.
    QuantizeProgress NONE = (_, _) -> {};

    /// Bytes of tensors written so far.
    void written(long done, long total);
}
