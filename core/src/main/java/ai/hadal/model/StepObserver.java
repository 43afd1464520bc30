package ai.hadal.model;

import ai.hadal.backend.Activations;
import ai.hadal.backend.Routing;
import ai.hadal.backend.Selection;

/// Watches a step from outside; what it is given is valid during the call only.
public interface StepObserver {

    /// Watches nothing.
    StepObserver NONE = new StepObserver() {};

    /// The residual streams `[rows, S*D]` entering a block; L after the last one.
    default void streams(int layer, Activations streams) {}

    /// The experts chosen in a block.
    default void routing(int layer, Routing routing) {}

    /// The compressed entries selected in a CSA block; not called where no text is long enough for any to be left out.
    default void selection(int layer, Selection selection) {}
}
