package ai.hadal.backend.cpu;

import org.jspecify.annotations.Nullable;

/// What one worker needs beside its inputs; grows and is kept.
final class Scratch {

    /// Accumulator lanes of a tile.
    final float[] lanes = new float[Lanes.REDUCTION * Dot.ROWS * Dot.COLS];

    /// Results of a tile.
    final float[] tile = new float[Dot.ROWS * Dot.COLS];

    /// Sums between the passes of a panel, and its results.
    final float[] sums = new float[Panel.SUMS];

    final float[] outputs = new float[Panel.ROWS * Panel.COLS];

    /// Sums of an indexer's scores: sixteen lanes of heads for sixteen keys, and the four sums of four heads.
    final float[] headLanes = new float[16 * 16];

    final float[] groupSums = new float[16 * 16];

    private float[] rows = {};
    private float[] panels = {};
    private float[] probabilities = {};
    private float[] factors = {};
    private int[] places = {};
    private byte[] bytes = {};
    private @Nullable NativeRoom nativeRoom;

    /// Decoded weight rows.
    float[] rows(int size) {
        if (rows.length < size) {
            rows = new float[size];
        }
        return rows;
    }

    /// Bytes on their way out of the heap.
    byte[] bytes(int size) {
        if (bytes.length < size) {
            bytes = new byte[size];
        }
        return bytes;
    }

    NativeRoom nativeRoom() {
        if (nativeRoom == null) {
            nativeRoom = new NativeRoom();
        }
        return nativeRoom;
    }

    /// Weight rows packed for [Panel].
    float[] panels(int size) {
        if (panels.length < size) {
            panels = new float[size];
        }
        return panels;
    }

    /// Attention scores and probabilities.
    float[] probabilities(int size) {
        if (probabilities.length < size) {
            probabilities = new float[grown(size)];
        }
        return probabilities;
    }

    /// What the summed values of heads are multiplied with.
    float[] factors(int heads) {
        if (factors.length < heads) {
            factors = new float[heads];
        }
        return factors;
    }

    /// Where the entries lie that a row attends to.
    int[] places(int size) {
        if (places.length < size) {
            places = new int[grown(size)];
        }
        return places;
    }

    private static int grown(int size) {
        return Math.max(size, size + (size >> 1));
    }
}
