package ai.hadal.engine.disk;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Makes a folder one store's own for as long as it is open; the system lets go of it when the process ends.
final class FolderLock implements AutoCloseable {

    /// The folders of this process: on many systems, closing any channel of a file gives up every lock that
    /// the process has on it, so a second channel must not even be opened.
    private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /// @throws HadalException when another store has the folder
    static FolderLock take(Path folder) throws IOException {
        Path real = folder.toRealPath();
        if (!HERE.add(real)) {
            throw taken(folder);
        }
        FileChannel channel = null;
        FileLock lock = null;
        try {
            channel = FileChannel.open(
                    real.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            lock = channel.tryLock();
            if (lock == null) {
                throw taken(folder);
            }
            return new FolderLock(real, channel);
        } finally {
            if (lock == null) {
                letGo(real, channel);
            }
        }
    }

    private static HadalException taken(Path folder) {
        return new HadalException("the cache folder " + folder
                + " is used by another running Hadal; end that one or give this one a folder of its own");
    }

    private static void letGo(Path real, @Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException _) {
            // The system gives the lock up with the process at the latest.
        } finally {
            HERE.remove(real);
        }
    }

    @Override
    public void close() {
        letGo(folder, channel);
    }
}
