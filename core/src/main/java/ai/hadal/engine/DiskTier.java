package ai.hadal.engine;

import ai.hadal.engine.disk.SegmentStore;
import ai.hadal.engine.disk.StoreStats;
import ai.hadal.engine.prefix.BlockStore;
import ai.hadal.error.HadalException;
import ai.hadal.model.Model;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The prefix cache's tier on disk: what one process computed, the next one of the same checkpoint and
/// profile finds. Values become bytes on a thread of their own; those that come faster than they can be
/// written are dropped, so that what waits takes no more heap than a bound.
public final class DiskTier implements BlockStore, AutoCloseable {

    /// Heap of values that wait to become bytes.
    private static final long MOST_WAITING_BYTES = 256L << 20;

    private static final long CLOSE_SECONDS = 30;

    private final SegmentStore store;
    private final ThreadPoolExecutor encoder;
    private final long bound;
    private final AtomicLong waiting = new AtomicLong();
    private final LongAdder dropped = new LongAdder();

    private DiskTier(SegmentStore store, long bound) {
        this.store = store;
        this.bound = bound;
        this.encoder = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("hadal-cache-encoder").daemon().factory(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /// Opens a folder, which is created if it is not there.
    ///
    /// @param maxBytes bound of all files in it
    /// @param warnings takes sentences about files that are damaged or foreign and about failures
    /// @throws HadalException if another process has it open, or it cannot be used
    public static DiskTier open(Path folder, Model model, long maxBytes, Consumer<String> warnings) {
        return open(folder, model, maxBytes, MOST_WAITING_BYTES, warnings);
    }

    /// @param bound bytes of heap of values that may wait; one larger value may wait alone
    static DiskTier open(Path folder, Model model, long maxBytes, long bound, Consumer<String> warnings) {
        return new DiskTier(
                SegmentStore.open(folder, HexFormat.of().parseHex(model.fingerprint()), maxBytes, warnings), bound);
    }

    @Override
    public boolean contains(byte[] key) {
        return store.contains(key);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return store.get(key).orElse(null);
    }

    @Override
    public void offer(byte[] key, long heapBytes, Supplier<byte[]> value) {
        if (store.contains(key)) {
            return;
        }
        long all = waiting.addAndGet(heapBytes);
        if (all > bound && all > heapBytes) {
            waiting.addAndGet(-heapBytes);
            dropped.increment();
            return;
        }
        encoder.execute(() -> {
            try {
                store.put(key, value.get());
            } finally {
                waiting.addAndGet(-heapBytes);
            }
        });
    }

    /// What the files hold and did.
    public StoreStats stats() {
        return store.stats().withDropped(dropped.sum());
    }

    /// Writes what waits, for half a minute at most.
    @Override
    public void close() {
        encoder.shutdown();
        try {
            if (!encoder.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                encoder.shutdownNow();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }
}
