package ai.hadal.engine.disk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The segments of a store as one log with an index. One thread appends, and makes room by deleting the
/// oldest segment; any thread finds and reads.
///
/// A value that was read since it was written gets a second life when its segment goes: it is written again
/// at the end of the log, the most recently read first, up to half of the segment.
final class SegmentLog implements AutoCloseable {

    private record Carried(StoreKey key, byte[] value) {}

    private final SegmentFolder folder;
    private final Deque<SegmentFolder.Unusable> unusable;
    private final Deque<Segment> segments;
    private final Map<StoreKey, Location> index = new ConcurrentHashMap<>();
    private final long bound;
    private final long segmentBytes;
    private final AtomicLong readClock = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong evicted = new AtomicLong();

    /// @param bound bytes that all segments may have together, from the first [#append] or [#shrink] on
    /// @param segmentBytes size from which on a new segment is begun
    SegmentLog(SegmentFolder folder, long bound, long segmentBytes) {
        this.folder = folder;
        this.segments = folder.own();
        this.unusable = folder.unusable();
        this.bound = bound;
        this.segmentBytes = segmentBytes;
        for (var segment : segments) {
            // Of two records with one key the first was found damaged when the second was written.
            segment.records().forEach(location -> index.put(location.key, location));
        }
        bytes.set(segments.stream().mapToLong(Segment::size).sum()
                + unusable.stream().mapToLong(SegmentFolder.Unusable::bytes).sum());
    }

    /// Deletes what is above the bound, which may have been larger before.
    void shrink() throws IOException {
        makeRoom(0);
    }

    @Nullable
    Location find(StoreKey key) {
        return index.get(key);
    }

    /// Marks a value as just read.
    void touch(Location location) {
        location.lastRead = readClock.incrementAndGet();
    }

    /// Takes a damaged value out of the index.
    ///
    /// @return whether it was still there
    boolean forget(Location location) {
        return index.remove(location.key, location);
    }

    /// Whether a value may have a place at all.
    boolean fits(int length) {
        return SegmentHeader.BYTES + RecordHeader.recordBytes(length) <= bound;
    }

    /// Writes a value that [fits][#fits], and makes room for it before.
    void append(StoreKey key, byte[] value) throws IOException {
        makeRoom(SegmentHeader.BYTES + RecordHeader.recordBytes(value.length));
        write(key, value);
    }

    private void makeRoom(long needed) throws IOException {
        while (bytes.get() + needed > bound) {
            if (unusable.isEmpty()) {
                evictOldest();
            } else {
                var first = unusable.remove();
                folder.delete(first);
                bytes.addAndGet(-first.bytes());
                evicted.incrementAndGet();
            }
        }
    }

    private void evictOldest() throws IOException {
        var oldest = segments.remove();
        var carried = worthCarrying(oldest);
        oldest.records().forEach(this::forget);
        oldest.delete();
        bytes.addAndGet(-oldest.size());
        evicted.incrementAndGet();
        for (var one : carried) {
            write(one.key(), one.value());
        }
    }

    private List<Carried> worthCarrying(Segment oldest) throws IOException {
        var read = oldest.records().stream()
                .filter(location -> location.lastRead > 0 && index.get(location.key) == location)
                .sorted(Comparator.<Location>comparingLong(location -> location.lastRead)
                        .reversed())
                .toList();
        // With the header of the segment they may begin, less than what is deleted: every eviction makes room.
        long room = oldest.size() / 2 - SegmentHeader.BYTES;
        var carried = new ArrayList<Carried>();
        for (var location : read) {
            long record = RecordHeader.recordBytes(location.length);
            byte[] value = record <= room ? oldest.read(location) : null;
            if (value != null) {
                carried.add(new Carried(location.key, value));
                room -= record;
            }
        }
        return carried;
    }

    private void write(StoreKey key, byte[] value) throws IOException {
        long record = RecordHeader.recordBytes(value.length);
        var segment = segments.peekLast();
        if (segment == null
                || segment.size() + record > segmentBytes && !segment.records().isEmpty()) {
            if (segment != null) {
                segment.sync();
            }
            segment = folder.create();
            segments.add(segment);
            bytes.addAndGet(SegmentHeader.BYTES);
        }
        var location = segment.append(key, value);
        bytes.addAndGet(record);
        index.put(key, location);
    }

    /// Of all files that count against the bound.
    long bytes() {
        return bytes.get();
    }

    long records() {
        return index.size();
    }

    /// Segments deleted to make room.
    long evicted() {
        return evicted.get();
    }

    /// Forgets all values and closes the files.
    @Override
    public void close() throws IOException {
        index.clear();
        IOException failure = null;
        for (var segment : segments) {
            try {
                if (segment == segments.peekLast()) {
                    segment.sync();
                }
                segment.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
