package ai.hadal.model;

import ai.hadal.backend.Activations;

/// What a step computed. Valid until the model's next step.
public final class Step {

    private final Activations logits;
    private final Activations streams;

    Step(Activations logits, Activations streams) {
        this.logits = logits;
        this.streams = streams;
    }

    /// Rows of logits: for each chunk in order its wanted rows in order.
    public int rows() {
        return logits.rows();
    }

    /// Copies a row of logits to `target`, `[V]`.
    public void logits(int row, float[] target) {
        logits.read(row, target, 0);
    }

    /// Rows of streams: one for each token of the step.
    public int tokens() {
        return streams.rows();
    }

    /// Copies the residual streams after the last block of a token's row to `target`, `[S*D]`: what an MTP block
    /// continues from.
    public void streams(int row, float[] target) {
        streams.read(row, target, 0);
    }

    /// The streams of all rows, `[tokens][S*D]`.
    public float[][] streams() {
        float[][] all = new float[streams.rows()][streams.cols()];
        for (int row = 0; row < all.length; row++) {
            streams(row, all[row]);
        }
        return all;
    }
}
