package ai.hadal.engine.disk;

import java.io.IOException;
import java.nio.file.FileSystemException;

/// The cause of an I/O failure, for a sentence.
final class StoreFailure {

    private StoreFailure() {}

    static String reason(IOException e) {
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
