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
        index = grown(index, 4L * count);
        return index;
    }

    /// Floats.
    MemorySegment out(int count) {
        out = grown(out, 4L * count);
        return out;
    }

    /// Bytes.
    MemorySegment panel(long bytes) {
        panel = grown(panel, bytes);
        return panel;
    }

    private static MemorySegment grown(MemorySegment room, long bytes) {
        return room.byteSize() < bytes ? Arena.ofAuto().allocate(bytes, 64) : room;
    }
}
