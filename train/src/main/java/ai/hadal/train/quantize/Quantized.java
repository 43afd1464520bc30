package ai.hadal.train.quantize;

import java.nio.file.Path;

/// A checkpoint that was written.
///
/// @param path the folder or file
/// @param tensors of the model
/// @param copied those of them that had their format already and were taken bit for bit
/// @param bytesBefore of the original's tensors, scales included
/// @param bytesAfter of the new ones
public record Quantized(Path path, TargetFormat format, int tensors, int copied, long bytesBefore, long bytesAfter) {}
