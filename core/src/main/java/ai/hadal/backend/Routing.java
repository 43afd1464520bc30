package ai.hadal.backend;

/// For every row of a step the k experts that process it, in slot order, and their weights.
public interface Routing {

    int slots();

    /// The experts of a row by slot.
    int[] experts(int row);

    /// The weights of a row by slot.
    float[] weights(int row);
}
