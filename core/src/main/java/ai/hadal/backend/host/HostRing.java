package ai.hadal.backend.host;

import ai.hadal.backend.Ring;

/// A ring in one float array, copied on the first write after a fork.
public final class HostRing implements Ring {

    private final int capacity;
    private final int width;
    private float[] data;
    private boolean shared;

    public HostRing(int capacity, int width) {
        this(capacity, width, new float[0], true);
    }

    private HostRing(int capacity, int width, float[] data, boolean shared) {
        this.capacity = capacity;
        this.width = width;
        this.data = data;
        this.shared = shared;
    }

    public static HostRing of(Ring ring) {
        return (HostRing) ring;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public HostRing fork() {
        shared = true;
        return new HostRing(capacity, width, data, true);
    }

    /// The values; the row of a position starts at [#offset].
    public float[] data() {
        return data;
    }

    public int offset(long position) {
        return Math.floorMod(position, capacity) * width;
    }

    @Override
    public void read(long position, float[] target) {
        System.arraycopy(data, offset(position), target, 0, width);
    }

    @Override
    public void write(long position, float[] source) {
        write(position, source, 0);
    }

    public void write(long position, float[] source, int offset) {
        own();
        System.arraycopy(source, offset, data, offset(position), width);
    }

    /// Stores rows `row .. row+rows-1` of `source` (width [#width]) for positions from `position` on; only the last
    /// [#capacity] of them survive.
    public void writeAll(long position, float[] source, int row, int rows) {
        for (int i = Math.max(0, rows - capacity); i < rows; i++) {
            write(position + i, source, (row + i) * width);
        }
    }

    private void own() {
        if (shared) {
            data = data.length == 0 ? new float[Math.multiplyExact(capacity, width)] : data.clone();
            shared = false;
        }
    }
}
