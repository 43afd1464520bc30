package ai.hadal.server.killed;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Work in threads of its own, however few processors there are.
final class Async {

    private Async() {}

    static <T> CompletableFuture<T> start(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
    }
}
