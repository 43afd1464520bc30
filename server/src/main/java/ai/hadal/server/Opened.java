package ai.hadal.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// What a server has opened, to be closed in the end or when its start fails.
final class Opened implements AutoCloseable {

    private final Deque<Runnable> closers = new ArrayDeque<>();

    /// Adds a resource and gives it back.
    <T> T add(T resource, Consumer<? super T> close) {
        closers.push(() -> close.accept(resource));
        return resource;
    }

    /// Closes all, the last first.
    @Override
    public void close() {
        while (!closers.isEmpty()) {
            closers.pop().run();
        }
    }
}
