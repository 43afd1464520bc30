package ai.hadal.backend;

/// Two host backends of the same arithmetic, of which the first computes until it is told that the second one is
/// ready. Both keep values in the same memory and give the same bits, so no result shows when that was.
public final class SwitchingBackend extends ForwardingBackend {

    private final Backend first;
    private final Backend second;
    private volatile boolean switchedOver;

    /// @throws IllegalArgumentException when their arithmetic differs
    SwitchingBackend(Backend first, Backend second) {
        if (!first.arithmetic().equals(second.arithmetic())) {
            throw new IllegalArgumentException(first.name() + " and " + second.name() + " do not give the same bits");
        }
        this.first = first;
        this.second = second;
    }

    /// Lets the second backend compute from the next operation on.
    public void switchOver() {
        switchedOver = true;
    }

    /// Whether the second backend computes.
    public boolean switchedOver() {
        return switchedOver;
    }

    @Override
    Backend target() {
        return switchedOver ? second : first;
    }

    @Override
    public String name() {
        return second.name();
    }

    @Override
    public String description(InputRounding rounding) {
        return second.description(rounding);
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
