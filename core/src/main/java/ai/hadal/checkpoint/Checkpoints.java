package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Decides what kind of checkpoint a path is.
final class Checkpoints {

    private static final String INDEX_SUFFIX = ".safetensors.index.json";

    private Checkpoints() {}

    static Checkpoint open(Path path) {
        if (Files.isDirectory(path)) {
            return openDirectory(path);
        }
        String name = path.getFileName() == null ? "" : path.getFileName().toString();
        if (name.endsWith(INDEX_SUFFIX)) {
            return HuggingFaceCheckpoint.openSharded(directory(path), path);
        }
        if (name.endsWith(".safetensors")) {
            Path index = path.resolveSibling("model" + INDEX_SUFFIX);
            // A shard stands for its whole set.
            boolean shard = SplitName.parse(name, ".safetensors") != null && Files.exists(index);
            return shard
                    ? HuggingFaceCheckpoint.openSharded(directory(path), index)
                    : HuggingFaceCheckpoint.openSingle(directory(path), path);
        }
        return GgufCheckpoint.openFile(path);
    }

    private static Checkpoint openDirectory(Path directory) {
        Path single = directory.resolve("model.safetensors");
        if (Files.exists(single)) {
            return HuggingFaceCheckpoint.openSingle(directory, single);
        }
        Path index = directory.resolve("model" + INDEX_SUFFIX);
        if (Files.exists(index)) {
            return HuggingFaceCheckpoint.openSharded(directory, index);
        }
        if (Files.isSymbolicLink(single) || Files.isSymbolicLink(index)) {
            // A link that leads nowhere or in circles: let the opening say which.
            return Files.isSymbolicLink(single)
                    ? HuggingFaceCheckpoint.openSingle(directory, single)
                    : HuggingFaceCheckpoint.openSharded(directory, index);
        }
        try (DirectoryStream<Path> gguf = Files.newDirectoryStream(directory, "*.gguf")) {
            if (gguf.iterator().hasNext()) {
                throw new HadalException(directory + " holds GGUF files; give the path of one of them");
            }
        } catch (IOException e) {
            throw MappedFile.failure(directory, e);
        }
        throw new HadalException(directory + " holds neither model.safetensors nor model" + INDEX_SUFFIX
                + "; give the directory of a DeepSeek-V4 checkpoint or a GGUF file");
    }

    private static Path directory(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("") : parent;
    }
}
