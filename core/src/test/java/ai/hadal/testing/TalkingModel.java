package ai.hadal.testing;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.SafetensorsWriter;
import ai.hadal.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// A tiny checkpoint that speaks: the golden model with its vocabulary repeated up to the size of the test
/// tokenizer.
public final class TalkingModel {

    private static final int STORED = 512;
    private static final int WANTED = 2048;

    private TalkingModel() {}

    /// Writes it into a folder.
    public static Path write(Path folder) {
        Path golden = Goldens.resource("flash-tiny");
        try (var checkpoint = Checkpoint.open(golden);
                InputStream tokenizer = Objects.requireNonNull(
                        TalkingModel.class.getResourceAsStream("/tokenizer/tokenizer_2048.json"))) {
            var tensors = checkpoint.tensors().values();
            var entries = tensors.stream()
                    .map(t -> new SafetensorsWriter.Entry(t.name(), t.format(), shape(t)))
                    .toList();
            try (var writer = SafetensorsWriter.create(folder.resolve("model.safetensors"), entries)) {
                for (var tensor : tensors) {
                    for (int i = 0; i < (isPerToken(tensor) ? WANTED / STORED : 1); i++) {
                        writer.write(tensor.data());
                    }
                }
                writer.commit();
            }
            String config = Files.readString(golden.resolve("config.json"));
            Files.writeString(
                    folder.resolve("config.json"),
                    config.replace("\"vocab_size\": " + STORED, "\"vocab_size\": " + WANTED));
            Files.copy(tokenizer, folder.resolve("tokenizer.json"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isPerToken(Tensor tensor) {
        String name = tensor.name();
        return name.equals("embed.weight") || name.equals("head.weight") || name.endsWith(".tid2eid");
    }

    private static long[] shape(Tensor tensor) {
        long[] shape = tensor.shape().clone();
        if (isPerToken(tensor)) {
            shape[0] = WANTED;
        }
        return shape;
    }
}
