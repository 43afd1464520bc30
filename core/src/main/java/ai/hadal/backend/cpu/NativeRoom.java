package ai.hadal.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A worker's memory for kernels in C; grows and is kept.
final class NativeRoom {

    private MemorySegment index = MemorySegment.NULL;
    private MemorySegment out = MemorySegment.NULL;
    private MemorySegment panel = MemorySegment.NULL;

    /// Ints.
    MemorySegment index(int count) {
        if (index.byteSize() < 4L * count) {
            index = Arena.ofAuto().allocate(4L * count, 64);
        }
        return index;
    }

    /// Floats.
    MemorySegment out(int count) {
        if (out.byteSize() < 4L * count) {
            out = Arena.ofAuto().allocate(4L * count, 64);
        }
        return out;
    }

    /// Bytes.
    MemorySegment panel(long bytes) {
        if (panel.byteSize() < bytes) {
            panel = Arena.ofAuto().allocate(bytes, 64);
        }
        return panel;
    }
}
