package ai.hadal.train.data;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Prepares packs on a thread of its own before they are asked for; the packs and their order are the same.
public final class Prefetcher implements PackSource {

    private record Prepared(List<Document> pack, Packer.State after) {}

    private final PackSource packs;
    private final Queue<Future<Prepared>> ahead = new ArrayDeque<>();
    private final ExecutorService thread;
    private Packer.State state;

    /// @param packs nobody else may use it from now on; closed with this
    /// @param depth how many packs are kept ready, at least 1
    public Prefetcher(PackSource packs, int depth) {
        this.packs = packs;
        this.state = packs.state();
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("hadal-data").daemon().factory());
        for (int i = 0; i < Math.max(1, depth); i++) {
            prepare();
        }
    }

    private void prepare() {
        ahead.add(thread.submit(() -> new Prepared(packs.nextPack(), packs.state())));
    }

    @Override
    public List<Document> nextPack() {
        if (thread.isShutdown()) {
            throw new IllegalStateException("the prefetcher is closed");
        }
        try {
            // Kept in the queue until it is there: after an interruption the next call gives it.
            Prepared prepared = ahead.element().get();
            ahead.remove();
            prepare();
            state = prepared.after();
            return prepared.pack();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for data");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public Packer.State state() {
        return state;
    }

    /// Ends the thread after the pack it is at.
    @Override
    public void close() {
        ahead.forEach(pack -> pack.cancel(false));
        thread.close();
        packs.close();
    }
}
