package ai.hadal.model;

/// What an MTP block remembers of a text: a window of rows. It may begin anywhere in the text, since positions count
/// for the block only by their distance. Used by one thread at a time.
public final class MtpState {

    private final Model model;
    private final int block;
    private final LayerState layer;
    private final int reach;
    private long length;
    private long longest;

    /// @param block which of the model's MTP blocks
    MtpState(Model model, int block, LayerState layer) {
        this.model = model;
        this.block = block;
        this.layer = layer;
        this.reach = layer.window().capacity() - model.config().slidingWindow();
    }

    /// Rows so far.
    public long length() {
        return length;
    }

    /// Whether the window before this length is still held.
    public boolean reaches(long length) {
        return length >= 0 && length <= this.length && longest - length <= reach;
    }

    /// Forgets the last rows so that `newLength` remain.
    ///
    /// @throws IllegalArgumentException unless it [#reaches] that length
    public void rollback(long newLength) {
        if (!reaches(newLength)) {
            throw new IllegalArgumentException(
                    "an MTP block at row " + length + " cannot be rolled back to " + newLength + "; begin anew");
        }
        length = newLength;
    }

    Model model() {
        return model;
    }

    int block() {
        return block;
    }

    LayerState layer() {
        return layer;
    }

    void advance(int rows) {
        length += rows;
        longest = Math.max(longest, length);
    }
}
