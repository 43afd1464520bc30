package ai.hadal.engine;

/// Watches a generation and may end it. Called on the generating thread.
public interface GenerationListener {

    /// Watches nothing.
    GenerationListener NONE = new GenerationListener() {};

    /// Prompt tokens processed so far, cached ones included.
    default void prefill(long done, long total) {}

    /// A token was generated.
    default void token(GeneratedToken token) {}

    /// Generation ended, and this text, held back until now, belongs to it.
    default void rest(String text) {}

    /// The generation has ended; nothing follows. Not called when it fails.
    default void ended(GenerationResult result) {}

    /// Asked between steps; true ends the generation.
    default boolean cancelled() {
        return false;
    }

    /// Asked between steps by a [Scheduler]; false lets the text wait until [Ticket#wake], for example
    /// because its reader is slow.
    default boolean ready() {
        return true;
    }
}
