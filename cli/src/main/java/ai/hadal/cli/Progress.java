package ai.hadal.cli;

/// One line on the terminal that says what takes time now, and that is gone when it is done. Shows nothing where
/// standard error is no terminal, so that pipes and logs stay clean.
final class Progress implements AutoCloseable {

    private static final long INTERVAL_NANOS = 50_000_000;
    private static final int WIDTH = 78;

    private final boolean visible;
    private long shown;
    private boolean dirty;

    private Progress(boolean visible) {
        this.visible = visible;
    }

    static Progress open() {
        return new Progress(Tty.error() && Tty.isCapable());
    }

    /// Replaces the line; too frequent changes are left out.
    void show(String line) {
        long now = System.nanoTime();
        if (!visible || (dirty && now - shown < INTERVAL_NANOS)) {
            return;
        }
        shown = now;
        dirty = true;
        String fitting = line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...";
        System.err.print("\r\u001b[K" + fitting);
        System.err.flush();
    }

    /// Removes the line.
    @Override
    public void close() {
        if (dirty) {
            System.err.print("\r\u001b[K");
            System.err.flush();
            dirty = false;
        }
    }
}
