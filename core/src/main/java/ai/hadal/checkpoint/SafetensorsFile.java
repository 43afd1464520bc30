package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;

/// One safetensors file, mapped.
public final class SafetensorsFile implements AutoCloseable {

    private final Path path;
    private final Arena arena;
    private final SafetensorsHeader header;

    private SafetensorsFile(Path path, Arena arena, SafetensorsHeader header) {
        this.path = path;
        this.arena = arena;
        this.header = header;
    }

    /// Maps a file and reads its header.
    ///
    /// @throws HadalException when the file can't be read, or its header is malformed or contradicts its size
    public static SafetensorsFile open(Path path) {
        Arena arena = Arena.ofShared();
        try {
            return new SafetensorsFile(path, arena, SafetensorsHeader.parse(path, MappedFile.map(path, arena)));
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    /// The tensors by name, in the header's order.
    public Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(header.tensors());
    }

    /// A tensor that must be there.
    ///
    /// @throws HadalException when it is not
    public Tensor tensor(String name) {
        Tensor tensor = header.tensors().get(name);
        if (tensor == null) {
            throw new HadalException(path + " holds no tensor " + name + "; check that it is the right file");
        }
        return tensor;
    }

    /// The free-form `__metadata__`.
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    @Override
    public void close() {
        arena.close();
    }
}
