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

    /// The residual streams `[tokens, S*D]` after the last block: what an MTP block continues from.
    Activations streams() {
        return streams;
    }
}
