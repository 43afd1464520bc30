package ai.hadal.engine;

import ai.hadal.engine.disk.SegmentStore;
import ai.hadal.engine.disk.StoreStats;
import ai.hadal.engine.prefix.BlockStore;
import ai.hadal.error.HadalException;
import ai.hadal.model.Model;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The prefix cache's tier on disk: what one process computed, the next one of the same checkpoint and
/// profile finds. Values become bytes on a thread of their own; those that come faster than they can be
/// written are dropped.
public final class DiskTier implements BlockStore, AutoCloseable {

    /// Values that wait to become bytes.
    private static final int MOST_WAITING = 1024;

    private static final long CLOSE_SECONDS = 30;

    private final SegmentStore store;
    private final ThreadPoolExecutor writer;

    private DiskTier(SegmentStore store) {
        this.store = store;
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("hadal-cache-encoder").daemon().factory(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /// Opens a folder, which is created if it is not there.
    ///
    /// @param maxBytes bound of all files in it
    /// @param warnings takes sentences about files that are damaged or foreign and about failures
    /// @throws HadalException if another process has it open, or it cannot be used
    public static DiskTier open(Path folder, Model model, long maxBytes, Consumer<String> warnings) {
        return new DiskTier(
                SegmentStore.open(folder, HexFormat.of().parseHex(model.fingerprint()), maxBytes, warnings));
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
    public void offer(byte[] key, Supplier<byte[]> value) {
        if (!store.contains(key)) {
            writer.execute(() -> store.put(key, value.get()));
        }
    }

    /// What the files hold and did.
    public StoreStats stats() {
        return store.stats();
    }

    /// Writes what waits, for half a minute at most.
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }
}
