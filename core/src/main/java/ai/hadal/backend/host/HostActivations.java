package ai.hadal.backend.host;

import ai.hadal.backend.Activations;

/// Activations in one float array, row major without padding.
public final class HostActivations implements Activations {

    private float[] data;
    private int rows;
    private final int cols;

    public HostActivations(int cols) {
        this(new float[0], 0, cols);
    }

    private HostActivations(float[] data, int rows, int cols) {
        this.data = data;
        this.rows = rows;
        this.cols = cols;
    }

    /// The activations of this backend family behind the opaque interface.
    public static HostActivations of(Activations activations) {
        return (HostActivations) activations;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int cols() {
        return cols;
    }

    @Override
    public HostActivations resize(int rows) {
        int needed = Math.multiplyExact(rows, cols);
        if (data.length < needed) {
            data = new float[needed];
        }
        this.rows = rows;
        return this;
    }

    @Override
    public HostActivations view(int rows, int cols) {
        if ((long) rows * cols != (long) this.rows * this.cols) {
            throw new IllegalArgumentException(
                    "a view of [" + this.rows + ", " + this.cols + "] cannot be [" + rows + ", " + cols + "]");
        }
        return new HostActivations(data, rows, cols);
    }

    /// The values; row r starts at `r * cols`.
    public float[] data() {
        return data;
    }

    @Override
    public void read(int row, float[] target, int offset) {
        System.arraycopy(data, row * cols, target, offset, cols);
    }

    @Override
    public void write(int row, float[] source, int offset) {
        System.arraycopy(source, offset, data, row * cols, cols);
    }
}
