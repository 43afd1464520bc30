package ai.hadal.engine.disk;

import ai.hadal.error.HadalException;
import ai.hadal.error.IoReason;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// Cached values on disk that outlive the process, within a bound of bytes. Keys have 32 bytes; a key always
/// stands for the same value. All methods may be called by any thread.
///
/// A folder holds append-only segment files for one or more models. A value counts only if its checksum is
/// right at the moment it is read, so nothing has to be on the device at any particular time: after `kill -9`
/// or a power failure each value is there as it was or not there. Segments of another fingerprint or version
/// stay until their room is needed, which is before any of the own. A file that has the name of a segment but
/// not its first bytes is left alone.
///
/// A failure to write is said once to `warnings`, and nothing more is written; what is there can still be
/// read. A failure of the device while reading turns the whole store off. Neither is an exception for the
/// caller.
///
/// ### Implementation note
/// Nothing else in a folder is counted against the bound, above all the empty file `lock`, which makes it one
/// process's own.
public final class SegmentStore implements AutoCloseable {

    /// Bytes of values that may wait to be written.
    private static final long QUEUE_BYTES = 256L << 20;

    private static final long USUAL_SEGMENT_BYTES = 64L << 20;

    /// Evicting one segment leaves most of a small store.
    private static final int FEWEST_SEGMENTS = 8;

    /// Each is an open file.
    private static final int MOST_SEGMENTS = 256;

    private final Path folder;
    private final FolderLock lock;
    private final SegmentLog log;
    private final PendingPuts pending;
    private final Consumer<String> warnings;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean off = new AtomicBoolean();
    private final LongAdder reads = new LongAdder();
    private final LongAdder hits = new LongAdder();
    private final LongAdder damaged = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    private SegmentStore(Path folder, FolderLock lock, SegmentLog log, long queueBytes, Consumer<String> warnings) {
        this.folder = folder;
        this.lock = lock;
        this.log = log;
        this.pending = new PendingPuts(queueBytes);
        this.warnings = warnings;
    }

    /// Opens a folder, which is created if it isn't there. Takes one small read for each record in it.
    ///
    /// @param fingerprint 32 bytes that tell checkpoint and numerics profile: values of others are not seen
    /// @param maxBytes bound of all segment files together
    /// @param warnings takes sentences about files that are damaged or foreign and about failures; from any
    ///     thread
    /// @throws HadalException when another store, here or in another process, has the folder open, or it
    ///     can't be used
    public static SegmentStore open(Path folder, byte[] fingerprint, long maxBytes, Consumer<String> warnings) {
        return open(folder, fingerprint, maxBytes, segmentBytes(maxBytes), QUEUE_BYTES, Disk.FILES, warnings);
    }

    private static long segmentBytes(long maxBytes) {
        return Math.max(Math.min(USUAL_SEGMENT_BYTES, maxBytes / FEWEST_SEGMENTS), maxBytes / MOST_SEGMENTS);
    }

    static SegmentStore open(
            Path folder,
            byte[] fingerprint,
            long maxBytes,
            long segmentBytes,
            long queueBytes,
            Disk disk,
            Consumer<String> warnings) {
        if (fingerprint.length != SegmentHeader.FINGERPRINT_BYTES) {
            throw new IllegalArgumentException("a fingerprint has " + SegmentHeader.FINGERPRINT_BYTES + " bytes");
        }
        FolderLock lock = null;
        SegmentStore store = null;
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, ChannelHandle.ownerOnly(folder, "rwx------"));
            }
            lock = FolderLock.take(folder);
            var log = new SegmentLog(new SegmentFolder(folder, disk, fingerprint, warnings), maxBytes, segmentBytes);
            log.shrink();
            store = new SegmentStore(folder, lock, log, queueBytes, warnings);
            Thread.ofPlatform().name("hadal-cache-writer").daemon(true).start(store::writeAll);
            return store;
        } catch (IOException e) {
            throw new HadalException(
                    "the cache folder " + folder + " cannot be used (" + IoReason.of(e)
                            + "); check its permissions, or give another folder",
                    e);
        } finally {
            if (lock != null && store == null) {
                lock.close();
            }
        }
    }

    /// The value of a key, if it is there and undamaged. The array is the caller's.
    ///
    /// @throws IllegalArgumentException when the key hasn't 32 bytes
    public Optional<byte[]> get(byte[] key) {
        var wanted = StoreKey.of(key);
        reads.increment();
        byte[] waiting = pending.get(wanted);
        var value = waiting == null ? read(wanted) : Optional.of(waiting.clone());
        if (value.isPresent()) {
            hits.increment();
        }
        return value;
    }

    private Optional<byte[]> read(StoreKey key) {
        var location = off.get() ? null : log.find(key);
        if (location == null) {
            return Optional.empty();
        }
        try {
            byte[] value = location.segment.read(location);
            if (value == null) {
                damaged(location);
            } else {
                log.touch(location);
            }
            return Optional.ofNullable(value);
        } catch (ClosedChannelException _) {
            // Evicted between finding and reading.
            return Optional.empty();
        } catch (IOException e) {
            if (!off.getAndSet(true)) {
                warnings.accept("the cache in " + folder + " is off from now on: it cannot be read (" + IoReason.of(e)
                        + "); check the disk");
            }
            return Optional.empty();
        }
    }

    private void damaged(Location location) {
        if (!log.forget(location)) {
            return;
        }
        damaged.increment();
        if (location.segment.warnsNow()) {
            warnings.accept(
                    location.segment.path()
                            + " has a damaged value (wrong checksum), which is not used; if this happens often, check the disk");
        }
    }

    /// Whether [#get] would look for the value on the disk; damage is found out by reading only.
    ///
    /// @throws IllegalArgumentException when the key hasn't 32 bytes
    public boolean contains(byte[] key) {
        var wanted = StoreKey.of(key);
        return pending.get(wanted) != null || !off.get() && log.find(wanted) != null;
    }

    /// Keeps a value, which must not be changed afterwards. Returns at once: another thread writes it, and it
    /// can be read meanwhile. Does nothing where the key is there; drops the value when too many wait.
    ///
    /// @throws IllegalArgumentException when the key hasn't 32 bytes
    public void put(byte[] key, byte[] value) {
        var wanted = StoreKey.of(key);
        if (log.find(wanted) != null) {
            return;
        }
        if (off.get() || !log.fits(value.length) || !pending.offer(wanted, value)) {
            dropped.increment();
        }
    }

    /// The writer's thread.
    private void writeAll() {
        try {
            for (var put = pending.next(); put != null; put = pending.next()) {
                if (log.find(put.getKey()) == null) {
                    log.append(put.getKey(), put.getValue());
                }
                pending.settled();
            }
        } catch (IOException e) {
            warnings.accept("nothing more is kept in the cache " + folder + ", which cannot be written ("
                    + IoReason.of(e) + "); check the free space and the disk");
        } finally {
            pending.end();
        }
    }

    public StoreStats stats() {
        return new StoreStats(
                log.bytes(),
                log.records(),
                reads.sum(),
                hits.sum(),
                damaged.sum(),
                log.evicted(),
                dropped.sum() + pending.lost());
    }

    /// Returns when what was put before is in its file or dropped.
    public void flush() {
        pending.flush();
    }

    /// Writes what waits, closes the files and gives the folder back. Afterwards nothing is found or kept.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        pending.close();
        off.set(true);
        try {
            log.close();
        } catch (IOException e) {
            warnings.accept("the cache in " + folder + " was not closed in order (" + IoReason.of(e)
                    + "); values that were not written will be missing");
        } finally {
            lock.close();
        }
    }
}
