package ai.hadal.backend.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How weights that memory does not hold come from disk.
///
/// @param cacheBytes of them that memory can hold at a time
/// @param pieceBytes that the system reads at once when a program comes to a page that is not there
public record Paging(long cacheBytes, long pieceBytes) {

    /// What Linux reads unless somebody changed it.
    static final long USUAL_PIECE = 128 << 10;

    private static final long LARGE_PIECE = 1 << 20;

    /// Paging of a file.
    public static Paging of(Path file, long cacheBytes) {
        return new Paging(cacheBytes, pieceBytes(file));
    }

    /// Whether one piece at a time keeps a disk busy.
    boolean readsLargePieces() {
        return pieceBytes >= LARGE_PIECE;
    }

    private static long pieceBytes(Path file) {
        try {
            // Linux numbers a device by twelve bits for the driver between the two parts of the rest.
            long device = ((Number) Files.getAttribute(file, "unix:dev")).longValue();
            long major = device >> 8 & 0xfff;
            long minor = device & 0xff | device >> 12 & 0xfff00;
            Path setting = Path.of("/sys/class/bdi/" + major + ":" + minor + "/read_ahead_kb");
            return Long.parseLong(Files.readString(setting).strip()) << 10;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return USUAL_PIECE;
        }
    }
}
