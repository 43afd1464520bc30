package ai.hadal.testing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// Where golden data is: small files among the test resources, larger ones in a `shared` directory beside the
/// repository.
public final class Goldens {

    private Goldens() {}

    /// A file or directory below `src/test/resources/golden`.
    public static Path resource(String name) {
        URL url = Objects.requireNonNull(Goldens.class.getResource("/golden/" + name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A file or directory below `golden` of a `shared` directory that lies beside the repository, when there is
    /// one.
    public static Optional<Path> shared(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path candidate = at.resolve("shared").resolve("golden").resolve(name);
            if (Files.exists(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /// The floats of an F32 tensor.
    public static float[] floats(MemorySegment data) {
        return data.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
    }

    /// The bytes of a tensor.
    public static byte[] bytes(MemorySegment data) {
        return data.toArray(ValueLayout.JAVA_BYTE);
    }
}
