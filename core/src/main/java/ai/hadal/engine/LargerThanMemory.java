package ai.hadal.engine;

import ai.hadal.backend.disk.PageCache;
import ai.hadal.backend.disk.Paging;
import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.error.HadalException;
import org.jspecify.annotations.Nullable;

/// Whether memory holds a checkpoint.
final class LargerThanMemory {

    /// Share of the page cache that weights may count on; other files want some.
    private static final double USABLE = 0.9;

    private LargerThanMemory() {}

    /// How the checkpoint comes from disk, or null when memory holds all of it. The system property `hadal.readAhead`
    /// overrules what was found out: `on` or `off`.
    ///
    /// @throws HadalException if the property says anything else
    static @Nullable Paging paging(Checkpoint checkpoint) {
        String wish = System.getProperty("hadal.readAhead", "auto");
        long stored = checkpoint.tensors().values().stream()
                .mapToLong(tensor -> tensor.data().byteSize())
                .sum();
        long usable = (long) (PageCache.capacity() * USABLE);
        boolean wanted = switch (wish) {
            case "on" -> true;
            case "off" -> false;
            case "auto" -> stored > usable;
            default ->
                throw new HadalException("the system property hadal.readAhead is `" + wish
                        + "`; set it to auto, on or off (-Dhadal.readAhead=auto), or leave it out");
        };
        return wanted ? Paging.of(checkpoint.path(), Math.min(stored, usable)) : null;
    }
}
