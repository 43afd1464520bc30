package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Checked ways to a file's bytes.
final class MappedFile {

    private MappedFile() {}

    /// Maps a whole file read-only; the mapping lives as long as the arena.
    ///
    /// @throws HadalException when the path is no readable, regular, non-empty file
    static MemorySegment map(Path file, Arena arena) {
        long size = size(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /// A small file's bytes.
    ///
    /// @throws HadalException as [#map], and for a file longer than `limit`
    static byte[] read(Path file, long limit) {
        long size = size(file);
        if (size > limit) {
            throw new HadalException(file + " is " + size + " bytes long, more than the " + limit
                    + " such a file may have; check that it is the file its name says");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    private static long size(Path file) {
        try {
            // Follows symbolic links: hub caches keep every file behind one.
            long size = Files.size(file.toRealPath());
            if (Files.isDirectory(file)) {
                throw new HadalException(file + " is a directory where a file is needed; remove it and fetch the file");
            }
            if (!Files.isRegularFile(file)) {
                throw new HadalException(file + " is not a regular file; give the path of a checkpoint on disk");
            }
            if (size == 0) {
                throw new HadalException(file + " is empty; download it again");
            }
            return size;
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /// An I/O failure as a sentence about the file.
    static HadalException failure(Path file, IOException e) {
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return switch (e) {
            case NoSuchFileException _ ->
                new HadalException(file + " does not exist; check the path or download the file", e);
            case AccessDeniedException _ ->
                new HadalException(file + " may not be read (permission denied); change its permissions", e);
            case FileSystemLoopException _ -> loop(file, e);
            default ->
                reason != null && reason.contains("symbolic link")
                        ? loop(file, e)
                        : new HadalException(
                                file + " cannot be read ("
                                        + (reason == null ? e.getClass().getSimpleName() : reason)
                                        + "); check the file and the disk",
                                e);
        };
    }

    private static HadalException loop(Path file, IOException e) {
        return new HadalException(
                file + " is a symbolic link that leads back to itself; remove it and fetch the file", e);
    }
}
