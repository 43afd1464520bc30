package ai.hadal.cli;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.GgufCheckpoint;
import ai.hadal.checkpoint.HuggingFaceCheckpoint;
import ai.hadal.engine.Tokenizers;
import ai.hadal.error.HadalException;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.ModelConfigs;
import ai.hadal.model.ModelProblems;
import ai.hadal.model.ModelSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What can be learnt about a checkpoint, as far as it is in order. What is null could not be read, and `problems`
/// says why.
///
/// @param path what was inspected
/// @param container `safetensors` or `GGUF`, with the architecture's name as stored
/// @param tensors all tensors, in file order
/// @param config its configuration
/// @param parameters how many there are
/// @param stored bytes that the model uses
/// @param tokenizer what it brings to make tokens from text
/// @param valuesChecked whether scales, vectors and tables were read too, not only headers
/// @param problems what is wrong, one sentence each
record Inspection(
        Path path,
        @Nullable String container,
        List<StoredTensor> tensors,
        @Nullable ModelConfig config,
        ModelSize.@Nullable Parameters parameters,
        ModelSize.@Nullable Stored stored,
        @Nullable TokenizerFacts tokenizer,
        boolean valuesChecked,
        List<String> problems) {

    /// Values of checkpoints up to this size are always checked: it takes a moment.
    private static final long SMALL = 1L << 30;

    /// A tensor's header.
    ///
    /// @param format its format; a name that Hadal does not know for a tensor it cannot read
    /// @param shape outermost dimension first; empty where unknown
    /// @param bytes of the file; -1 where unknown
    record StoredTensor(String name, String format, List<Long> shape, long bytes) {}

    /// A tokenizer's.
    record TokenizerFacts(int tokens, int bos, String bosText, int eos, String eosText) {}

    /// Reads all there is to read, and only then complains.
    ///
    /// @param checkValues whether to read the values of large checkpoints too
    static Inspection of(Path path, boolean checkValues, Progress progress) {
        List<String> problems = new ArrayList<>();
        progress.show("mapping " + path + " ...");
        var checkpoint = attempt(() -> Checkpoint.open(path), problems);
        if (checkpoint == null) {
            return new Inspection(path, null, List.of(), null, null, null, null, false, List.copyOf(problems));
        }
        try (checkpoint) {
            return of(checkpoint, checkValues, progress, problems);
        }
    }

    private static Inspection of(Checkpoint checkpoint, boolean checkValues, Progress progress, List<String> problems) {
        var tensors = tensors(checkpoint);
        var config = attempt(() -> ModelConfigs.of(checkpoint), problems);
        ModelSize.Parameters parameters = null;
        ModelSize.Stored stored = null;
        TokenizerFacts tokenizer = null;
        boolean valuesChecked = false;
        if (config != null) {
            parameters = ModelSize.parameters(config);
            List<String> headers = ModelProblems.headers(checkpoint, config);
            problems.addAll(headers);
            if (headers.isEmpty()) {
                stored = ModelSize.stored(checkpoint, config);
            }
            valuesChecked = checkValues || bytes(tensors) <= SMALL;
            if (valuesChecked) {
                problems.addAll(ModelProblems.contents(
                        checkpoint,
                        config,
                        (done, total) -> progress.show("checking values: tensor " + done + " of " + total)));
            }
            tokenizer = tokenizer(checkpoint, config, problems);
        }
        return new Inspection(
                checkpoint.path(),
                container(checkpoint),
                tensors,
                config,
                parameters,
                stored,
                tokenizer,
                valuesChecked,
                List.copyOf(problems));
    }

    private static <T> @Nullable T attempt(Supplier<T> step, List<String> problems) {
        try {
            return step.get();
        } catch (HadalException e) {
            problems.add(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static String container(Checkpoint checkpoint) {
        return switch (checkpoint) {
            case HuggingFaceCheckpoint hf ->
                "safetensors, " + hf.config().path("architectures").path(0).asString("no architecture named");
            case GgufCheckpoint gguf -> "GGUF, " + gguf.metadata().display("general.architecture");
        };
    }

    private static List<StoredTensor> tensors(Checkpoint checkpoint) {
        List<StoredTensor> tensors = new ArrayList<>();
        checkpoint.tensors().values().forEach(tensor -> {
            List<Long> shape = new ArrayList<>();
            for (long size : tensor.shape()) {
                shape.add(size);
            }
            tensors.add(new StoredTensor(
                    tensor.name(),
                    tensor.format().name(),
                    List.copyOf(shape),
                    tensor.data().byteSize()));
        });
        if (checkpoint instanceof GgufCheckpoint gguf) {
            gguf.unsupported().forEach((name, type) -> tensors.add(new StoredTensor(name, type, List.of(), -1)));
        }
        return List.copyOf(tensors);
    }

    private static @Nullable TokenizerFacts tokenizer(
            Checkpoint checkpoint, ModelConfig config, List<String> problems) {
        try {
            var tokenizer = Tokenizers.of(checkpoint, config);
            return tokenizer == null
                    ? null
                    : new TokenizerFacts(
                            tokenizer.size(),
                            tokenizer.bosId(),
                            tokenizer.token(tokenizer.bosId()),
                            tokenizer.eosId(),
                            tokenizer.token(tokenizer.eosId()));
        } catch (HadalException e) {
            problems.add(String.valueOf(e.getMessage()));
            return null;
        }
    }

    boolean isBroken() {
        return !problems.isEmpty();
    }

    /// Bytes of all tensors in the files, used or not.
    long fileBytes() {
        return bytes(tensors);
    }

    private static long bytes(List<StoredTensor> tensors) {
        return tensors.stream().mapToLong(tensor -> Math.max(0, tensor.bytes())).sum();
    }

    /// Bytes by format: of the model where it could be bound, else of all tensors.
    Map<String, Long> bytesByFormat() {
        Map<String, Long> bytes = new TreeMap<>();
        if (stored != null) {
            stored.byFormat().forEach((format, n) -> bytes.put(format.name(), n));
        } else {
            tensors.forEach(tensor -> bytes.merge(tensor.format(), Math.max(0, tensor.bytes()), Long::sum));
        }
        return bytes;
    }
}
