package ai.hadal.engine.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// One segment file. One thread appends, any may read.
final class Segment implements AutoCloseable {

    private final Disk disk;
    private final Path path;
    private final Disk.Handle file;
    private final long salt;
    private final List<Location> records = new ArrayList<>();
    private long size = SegmentHeader.BYTES;
    private volatile boolean warned;

    private Segment(Disk disk, Path path, Disk.Handle file, long salt) {
        this.disk = disk;
        this.path = path;
        this.file = file;
        this.salt = salt;
    }

    /// Begins a file. Its header is on the device when this returns, so no crash leaves a file of our name
    /// that nobody knows.
    static Segment create(Disk disk, Path path, byte[] fingerprint) throws IOException {
        var header = new SegmentHeader(ThreadLocalRandom.current().nextLong(), fingerprint);
        var file = disk.create(path);
        try {
            file.write(header.encode(), 0);
            file.sync();
        } catch (IOException e) {
            file.close();
            disk.delete(path);
            throw e;
        }
        return new Segment(disk, path, file, header.salt());
    }

    /// Takes up a file that an earlier process wrote; [#scan] then finds its records.
    static Segment takeUp(Disk disk, Path path, Disk.Handle file, SegmentHeader header) {
        return new Segment(disk, path, file, header.salt());
    }

    /// Finds the records by their headers, and cuts off what follows the last whole one.
    ///
    /// @return the bytes cut off
    long scan() throws IOException {
        long end = file.size();
        var bytes = ByteBuffer.allocate(RecordHeader.BYTES);
        while (end - size >= RecordHeader.BYTES && file.read(bytes.clear(), size)) {
            var header = RecordHeader.decode(bytes.flip(), salt, size);
            if (header == null || RecordHeader.recordBytes(header.length()) > end - size) {
                break;
            }
            add(header);
        }
        if (end > size) {
            file.truncate(size);
        }
        return end - size;
    }

    /// Writes a record at the end. After a failure the file ends as before, or else with a torn record.
    Location append(StoreKey key, byte[] value) throws IOException {
        var header = new RecordHeader(key, value.length, Checksum.of(value));
        try {
            file.write(header.encode(salt, size), size);
            file.write(ByteBuffer.wrap(value), size + RecordHeader.BYTES);
        } catch (IOException e) {
            try {
                file.truncate(size);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        return add(header);
    }

    private Location add(RecordHeader header) {
        var location = new Location(header.key(), this, size, header.length());
        records.add(location);
        size += RecordHeader.recordBytes(header.length());
        return location;
    }

    /// A value, or null where the file no longer has it as it was written.
    ///
    /// @throws java.nio.channels.ClosedChannelException when the segment was closed or deleted meanwhile
    byte @Nullable [] read(Location location) throws IOException {
        var bytes = ByteBuffer.allocate(RecordHeader.BYTES);
        if (!file.read(bytes, location.position)) {
            return null;
        }
        var header = RecordHeader.decode(bytes.flip(), salt, location.position);
        if (header == null || !header.key().equals(location.key) || header.length() != location.length) {
            return null;
        }
        byte[] value = new byte[location.length];
        return file.read(ByteBuffer.wrap(value), location.position + RecordHeader.BYTES)
                        && Checksum.of(value) == header.valueSum()
                ? value
                : null;
    }

    /// True the first time it is asked.
    boolean warnsNow() {
        boolean first = !warned;
        warned = true;
        return first;
    }

    Path path() {
        return path;
    }

    /// In ascending position.
    List<Location> records() {
        return records;
    }

    /// In bytes.
    long size() {
        return size;
    }

    void sync() throws IOException {
        file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    void delete() throws IOException {
        file.close();
        disk.delete(path);
    }
}
