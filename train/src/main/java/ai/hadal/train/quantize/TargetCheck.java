package ai.hadal.train.quantize;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Whether a target can be written, asked before any work.
///
/// @param format its name on the command line
/// @param isGguf whether it is a GGUF file, else a folder
/// @param replace whether something of its name may be there
public record TargetCheck(String format, boolean isGguf, boolean replace) {

    /// Metadata, headers, the tokenizer.
    private static final long MARGIN = 32L << 20;

    /// @throws HadalException if not
    ///
    /// @param source what the target must not be, null for nothing
    public void check(@Nullable Path source, Path target) {
        boolean file = target.toString().endsWith(".gguf");
        if (file != isGguf) {
            throw new HadalException(
                    isGguf
                            ? "the format " + format + " is a GGUF file, but " + target
                                    + " does not end in .gguf; name a file that does"
                            : "the official format is a folder, but " + target
                                    + " is named like a GGUF file; name a folder, or choose another --format");
        }
        Path folder = target.toAbsolutePath().normalize().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new HadalException(
                    "the folder of " + target + " does not exist; create it or choose another place to write to");
        }
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (source != null && isSource(source, target)) {
            throw new HadalException(target + " is the model to read; choose another place to write to");
        }
        if (!replace) {
            throw new HadalException(target + " exists already; choose another name, or replace it with --force");
        }
        if (Files.isDirectory(target) == isGguf) {
            throw new HadalException(target + " is a " + (isGguf ? "folder where a file" : "file where a folder")
                    + " is to be written; remove it or choose another name");
        }
    }

    private static boolean isSource(Path source, Path target) {
        try {
            // A single weights file stands for its folder.
            Path folder = source.toAbsolutePath().normalize().getParent();
            boolean inFolder = folder != null && Files.isRegularFile(source) && Files.isSameFile(folder, target);
            return Files.exists(source) && (inFolder || Files.isSameFile(source, target));
        } catch (IOException _) {
            return false;
        }
    }

    /// @throws HadalException when the disk can't hold that many bytes more
    public static void requireSpace(Path target, long bytes) throws IOException {
        Path folder = target.toAbsolutePath().normalize().getParent();
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes + MARGIN) {
            throw new HadalException(target + " takes " + mebibytes(bytes + MARGIN) + " but its disk has only "
                    + mebibytes(free) + " free; free some space or choose another disk");
        }
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
