package ai.hadal.cli;

import org.jline.utils.Signals;

/// Ctrl-C while it is open: the first asks to stop, the second ends the program at once.
final class Interrupt implements AutoCloseable {

    /// Exit code of a program that Ctrl-C ended.
    static final int EXIT_CODE = 130;

    private static final String SIGNAL = "INT";

    private final Runnable first;
    private volatile boolean raised;
    private final Object before;

    private Interrupt(Runnable first) {
        this.first = first;
        before = Signals.register(SIGNAL, this::raise);
    }

    static Interrupt watch() {
        return watch(() -> {});
    }

    /// @param first what the first one does besides
    static Interrupt watch(Runnable first) {
        return new Interrupt(first);
    }

    private void raise() {
        if (raised) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        raised = true;
        first.run();
    }

    boolean raised() {
        return raised;
    }

    @Override
    public void close() {
        Signals.unregister(SIGNAL, before);
    }
}
