package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// A checkpoint folder in the making: its files go to a temporary folder beside the target, which [#commit] gives
/// the target's name. Closing without committing, and Ctrl-C, leave no trace.
public final class PartFolder implements AutoCloseable {

    private final Path target;
    private final Path temporary;
    private final Thread cleaning;
    private boolean done;

    private PartFolder(Path target, Path temporary) {
        this.target = target;
        this.temporary = temporary;
        this.cleaning = new Thread(() -> deleteStubbornly(temporary), "hadal-cleaning");
    }

    /// Starts a folder.
    ///
    /// @throws HadalException when it can't be made
    public static PartFolder create(Path target) {
        String suffix = Long.toHexString(ThreadLocalRandom.current().nextLong());
        Path absolute = target.toAbsolutePath();
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + "." + suffix + ".tmp");
        try {
            Files.createDirectory(temporary);
        } catch (IOException e) {
            throw PartFile.failure(target, e);
        }
        var folder = new PartFolder(target, temporary);
        Runtime.getRuntime().addShutdownHook(folder.cleaning);
        return folder;
    }

    /// Where the files go until [#commit].
    public Path path() {
        return temporary;
    }

    /// Gives the folder its name. Where a folder of that name is, its weights are removed and its files of the same
    /// names replaced; others stay.
    ///
    /// @throws HadalException when it can't be done
    public void commit() {
        try {
            if (Files.isDirectory(target)) {
                removeWeights();
                for (Path file : children(temporary)) {
                    Files.move(
                            file, target.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
                }
                Files.delete(temporary);
            } else {
                move();
            }
        } catch (IOException e) {
            throw PartFile.failure(target, e);
        }
        finish();
    }

    /// An old index or an old single file beside the new weights would be taken for them.
    private void removeWeights() throws IOException {
        for (Path file : children(target)) {
            String name = file.getFileName().toString();
            if (name.endsWith(".safetensors") || name.endsWith(".safetensors.index.json")) {
                Files.delete(file);
            }
        }
    }

    private void move() throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(temporary, target);
        }
    }

    @Override
    public void close() {
        if (!done) {
            deleteStubbornly(temporary);
            finish();
        }
    }

    private void finish() {
        done = true;
        try {
            Runtime.getRuntime().removeShutdownHook(cleaning);
        } catch (IllegalStateException _) {
            // The JVM is ending; the hook finds nothing more to do.
        }
    }

    /// While the JVM ends, the writer may still be creating files.
    private static void deleteStubbornly(Path folder) {
        for (int attempt = 0; attempt < 10 && Files.exists(folder); attempt++) {
            try {
                for (Path file : children(folder)) {
                    Files.deleteIfExists(file);
                }
                Files.deleteIfExists(folder);
            } catch (IOException _) {
                Thread.onSpinWait();
            }
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted(Comparator.naturalOrder()).toList();
        }
    }
}
