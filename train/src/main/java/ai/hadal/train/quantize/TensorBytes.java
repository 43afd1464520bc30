package ai.hadal.train.quantize;

import ai.hadal.model.TensorPlan.Planned;
import ai.hadal.tensor.Format;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;

/// Where the bytes of a model's tensors come from when a file of it is written.
public interface TensorBytes {

    /// Writes tensors one after another.
    ///
    /// @param out takes the bytes in order
    /// @return their scales, empty where the format has none apart
    byte[] write(List<Planned> parts, Format target, Consumer<MemorySegment> out);

    /// Writes what [#write] returned.
    void writeScales(byte[] scales, Consumer<MemorySegment> out);

    /// Writes matrices of one shape side by side, each row of the first followed by that of the next.
    void writeSideBySide(List<Planned> parts, Format target, Consumer<MemorySegment> out);
}
