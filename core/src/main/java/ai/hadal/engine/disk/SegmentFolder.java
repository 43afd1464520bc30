package ai.hadal.engine.disk;

import ai.hadal.error.IoReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What lies in a store's folder when it is opened.
///
/// A file counts as a segment by its name and its first bytes together. What has only the name is somebody
/// else's: it is never changed, deleted or counted.
final class SegmentFolder {

    private static final Pattern NAME = Pattern.compile("(\\d{8,18})\\.hadalseg");

    /// A segment that cannot be used; it is deleted when its room is needed.
    ///
    /// @param bytes its length
    record Unusable(Path path, long bytes) {}

    private final Path folder;
    private final Disk disk;
    private final byte[] fingerprint;
    private final Consumer<String> warnings;
    private final Deque<Segment> own = new ArrayDeque<>();
    private final Deque<Unusable> unusable = new ArrayDeque<>();
    private long lastNumber;

    /// Reads the folder. What is not used is said to `warnings`.
    ///
    /// @throws IOException when the folder can't be listed; a file that can't be read is passed over
    SegmentFolder(Path folder, Disk disk, byte[] fingerprint, Consumer<String> warnings) throws IOException {
        this.folder = folder;
        this.disk = disk;
        this.fingerprint = fingerprint.clone();
        this.warnings = warnings;
        var others = new ArrayList<Unusable>();
        for (Path path : segments()) {
            var other = take(path);
            if (other != null) {
                others.add(other);
            }
        }
        if (!others.isEmpty()) {
            long bytes = others.stream().mapToLong(Unusable::bytes).sum();
            warnings.accept(others.size() + (others.size() == 1 ? " segment" : " segments") + " (" + bytes
                    + " bytes) in " + folder + " of another model, numerics profile or version of Hadal "
                    + (others.size() == 1 ? "is" : "are") + " not used and deleted when the room is needed");
        }
    }

    /// By ascending number, which is age.
    private List<Path> segments() throws IOException {
        record Numbered(long number, Path path) {}
        var found = new ArrayList<Numbered>();
        try (var paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                var name = NAME.matcher(path.getFileName().toString());
                if (name.matches()) {
                    found.add(new Numbered(Long.parseLong(name.group(1)), path));
                }
            }
        }
        found.sort(Comparator.comparingLong(Numbered::number));
        lastNumber = found.isEmpty() ? 0 : found.getLast().number();
        return found.stream().map(Numbered::path).toList();
    }

    /// Takes up a file if it can be used; returns it if it is a segment of another model.
    private @Nullable Unusable take(Path path) {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            warnings.accept(path + " is not a plain file and left alone; move it out of the cache folder");
            return null;
        }
        Disk.Handle file = null;
        boolean taken = false;
        try {
            file = disk.open(path);
            long size = file.size();
            switch (SegmentHeader.decode(start(file, size), fingerprint)) {
                case SegmentHeader.Found.Own(var header) -> {
                    own.add(scanned(Segment.takeUp(disk, path, file, header)));
                    taken = true;
                }
                case SegmentHeader.Found.Other _ -> {
                    var other = new Unusable(path, size);
                    unusable.add(other);
                    return other;
                }
                case SegmentHeader.Found.Damaged _ -> {
                    unusable.add(new Unusable(path, size));
                    warnings.accept(path + " is damaged (its header has a wrong checksum) and not used;"
                            + " it is deleted when the room is needed");
                }
                // A process that ends between creating a file and writing its header leaves it empty.
                case SegmentHeader.Found.Foreign _
                when size > 0 ->
                    warnings.accept(path + " is no segment of a Hadal cache, whatever its name says, and left alone;"
                            + " move it out of the cache folder");
                case SegmentHeader.Found.Foreign _ -> {}
            }
        } catch (IOException e) {
            warnings.accept(path + " cannot be read (" + IoReason.of(e) + ") and is not used; check its permissions");
        } finally {
            if (file != null && !taken) {
                closeQuietly(file);
            }
        }
        return null;
    }

    private static ByteBuffer start(Disk.Handle file, long size) throws IOException {
        var bytes = ByteBuffer.allocate((int) Math.min(size, SegmentHeader.BYTES));
        file.read(bytes, 0);
        return bytes.flip();
    }

    private Segment scanned(Segment segment) throws IOException {
        long cut = segment.scan();
        if (cut > 0) {
            warnings.accept(segment.path() + " ended in " + cut + " bytes that are no whole record, as after a crash;"
                    + " they were cut off");
        }
        return segment;
    }

    private static void closeQuietly(Disk.Handle file) {
        try {
            file.close();
        } catch (IOException _) {
            // Nothing was written to it.
        }
    }

    /// Oldest first.
    Deque<Segment> own() {
        return own;
    }

    /// Oldest first.
    Deque<Unusable> unusable() {
        return unusable;
    }

    /// Begins the next segment.
    Segment create() throws IOException {
        Path path = folder.resolve(String.format(Locale.ROOT, "%08d.hadalseg", ++lastNumber));
        return Segment.create(disk, path, fingerprint);
    }

    void delete(Unusable segment) throws IOException {
        disk.delete(segment.path());
    }
}
