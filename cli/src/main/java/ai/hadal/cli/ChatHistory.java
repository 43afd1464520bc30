package ai.hadal.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The file that remembers what was typed in chats: `$XDG_STATE_HOME/hadal/history`, else
/// `~/.local/state/hadal/history`. What people say to a model is private, so nobody else may read it.
final class ChatHistory {

    private ChatHistory() {}

    /// The file, made if need be; null where none can be made, since a chat works without.
    static @Nullable Path file() {
        String state = System.getenv("XDG_STATE_HOME");
        return file(
                state == null || state.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".local", "state")
                        : Path.of(state));
    }

    static @Nullable Path file(Path stateHome) {
        var folder = stateHome.resolve("hadal");
        var file = folder.resolve("history");
        boolean posix = stateHome.getFileSystem().supportedFileAttributeViews().contains("posix");
        try {
            Files.createDirectories(folder, owner(posix, "rwx------"));
            try {
                Files.createFile(file, owner(posix, "rw-------"));
            } catch (FileAlreadyExistsException _) {
                if (posix) {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                }
            }
            return Files.isWritable(file) ? file : null;
        } catch (IOException _) {
            return null;
        }
    }

    private static FileAttribute<?>[] owner(boolean posix, String permissions) {
        if (!posix) {
            return new FileAttribute<?>[0];
        }
        Set<PosixFilePermission> set = PosixFilePermissions.fromString(permissions);
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)};
    }
}
