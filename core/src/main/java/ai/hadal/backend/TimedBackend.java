package ai.hadal.backend;

import ai.hadal.tensor.Weight;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps how long each operation of another backend took: where the time of a step goes.
public final class TimedBackend extends ForwardingBackend {

    /// What an operation has taken.
    ///
    /// @param name the operation, or the matrix of a product with layers and experts as `*`
    /// @param calls how often it ran
    /// @param nanos time in all
    public record OperationTime(String name, long calls, long nanos) {}

    private static final class Total {
        long calls;
        long nanos;
    }

    private final Backend inner;
    private final Map<String, Total> totals = new HashMap<>();
    private final IdentityHashMap<Weight, String> labels = new IdentityHashMap<>();

    TimedBackend(Backend inner) {
        this.inner = inner;
    }

    /// The operations since [#reset], the longest first.
    public List<OperationTime> times() {
        return totals.entrySet().stream()
                .map(e -> new OperationTime(e.getKey(), e.getValue().calls, e.getValue().nanos))
                .sorted((a, b) -> Long.compare(b.nanos, a.nanos))
                .toList();
    }

    public void reset() {
        totals.clear();
    }

    @Override
    Backend target() {
        return inner;
    }

    @Override
    long started() {
        return System.nanoTime();
    }

    @Override
    void ended(String operation, @Nullable Weight weight, long start) {
        var total = totals.computeIfAbsent(weight == null ? operation : label(weight), key -> new Total());
        total.calls++;
        total.nanos += System.nanoTime() - start;
    }

    private String label(Weight w) {
        return labels.computeIfAbsent(w, weight -> weight.name().replaceAll("(?<![a-z0-9_])\\d+(?![a-z0-9_])", "*"));
    }
}
