package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// A checkpoint in GGUF version 3, in one file or split into `NAME-00001-of-0000N.gguf`; any file of a split set
/// stands for the whole. Shapes are row major, the reverse of the file's order.
public final class GgufCheckpoint implements Checkpoint {

    private static final String SUFFIX = ".gguf";

    private final Path path;
    private final Arena arena;
    private final GgufMetadata metadata;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> unsupported = new LinkedHashMap<>();
    private final Map<String, Path> files = new HashMap<>();

    private GgufCheckpoint(Path path, Arena arena) {
        SplitName split = SplitName.parse(String.valueOf(path.getFileName()), SUFFIX);
        this.path = split == null ? path : path.resolveSibling(split.sibling(1));
        this.arena = arena;
        GgufFile first = GgufFile.map(existing(this.path, path), arena);
        this.metadata = first.metadata();
        add(this.path, first);
        long count = metadata.integer("split.count", 1);
        if (count > 1 && (split == null || split.count() != count)) {
            throw new HadalException(path + " is one of " + count + " files of a split checkpoint; name them like "
                    + "NAME-00001-of-" + String.format("%05d", count) + SUFFIX);
        }
        if (split != null) {
            checkNumber(this.path, first, 1, count);
            for (int number = 2; number <= count; number++) {
                Path file = path.resolveSibling(split.sibling(number));
                GgufFile part = GgufFile.map(existing(file, path), arena);
                checkNumber(file, part, number, count);
                add(file, part);
            }
        }
        long expected = metadata.integer("split.tensors.count", files.size());
        if (count > 1 && expected != files.size()) {
            throw new HadalException(this.path + " announces " + expected + " tensors in its " + count
                    + " files, but they hold " + files.size() + "; download the set again");
        }
    }

    static GgufCheckpoint openFile(Path path) {
        Arena arena = Arena.ofShared();
        try {
            return new GgufCheckpoint(path, arena);
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    private static Path existing(Path file, Path asked) {
        if (!file.equals(asked) && !Files.exists(file) && !Files.isSymbolicLink(file)) {
            throw new HadalException(
                    file + ", which belongs to the same set as " + asked + ", is missing; download it");
        }
        return file;
    }

    /// A part counts itself from 0; a file that merely has such a name, without split metadata, is whole.
    private static void checkNumber(Path file, GgufFile part, int number, long count) {
        long no = part.metadata().integer("split.no", number - 1L);
        long of = part.metadata().integer("split.count", count);
        if (no != number - 1L || of != count) {
            throw new HadalException(file + " is part " + (no + 1) + " of " + of + " by its metadata, but part "
                    + number + " of " + count + " by its name; rename it or download the set again");
        }
    }

    private void add(Path file, GgufFile part) {
        part.tensors().forEach((name, tensor) -> {
            addName(file, name);
            tensors.put(name, tensor);
        });
        part.unsupported().forEach((name, type) -> {
            addName(file, name);
            unsupported.put(name, type);
        });
    }

    private void addName(Path file, String name) {
        Path before = files.put(name, file);
        if (before != null) {
            throw new HadalException(
                    "tensor " + name + " is both in " + before + " and in " + file + "; download the set again");
        }
    }

    /// The file, or the first of a split set.
    @Override
    public Path path() {
        return path;
    }

    @Override
    public Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public Path fileOf(String tensor) {
        return files.getOrDefault(tensor, path);
    }

    /// Tensors of a type that Hadal does not read, with the type's name; they are not among [#tensors].
    public Map<String, String> unsupported() {
        return Collections.unmodifiableMap(unsupported);
    }

    /// The metadata of the (first) file.
    public GgufMetadata metadata() {
        return metadata;
    }

    @Override
    public void close() {
        arena.close();
    }
}
