package ai.hadal.error;

import java.io.IOException;
import java.nio.file.FileSystemException;

/// Why a file could not be read or written, in the words of the system, to be put into a sentence that names the file.
public final class IoReason {

    private IoReason() {}

    /// The reason without the file's name; the kind of failure where the system says no more.
    public static String of(IOException e) {
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
