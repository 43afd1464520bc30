package ai.hadal.engine;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.GgufCheckpoint;
import ai.hadal.checkpoint.GgufMetadata;
import ai.hadal.checkpoint.HuggingFaceCheckpoint;
import ai.hadal.error.HadalException;
import ai.hadal.model.ModelConfig;
import ai.hadal.tokenizer.Tokenizer;
import ai.hadal.tokenizer.Vocabulary;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The tokenizer that belongs to a checkpoint: tokenizer.json beside safetensors, metadata inside GGUF.
public final class Tokenizers {

    private static final String PREFIX = "tokenizer.ggml.";

    private Tokenizers() {}

    /// The checkpoint's tokenizer, or null when it brings none.
    ///
    /// @throws HadalException if it is broken or knows more tokens than the model
    public static @Nullable Tokenizer of(Checkpoint checkpoint, ModelConfig config) {
        if (checkpoint instanceof GgufCheckpoint gguf) {
            // Before it is decoded.
            checkSize(checkpoint, gguf.metadata().count(PREFIX + "tokens"), config);
        }
        var tokenizer = find(checkpoint);
        if (tokenizer != null) {
            checkSize(checkpoint, tokenizer.size(), config);
        }
        return tokenizer;
    }

    private static void checkSize(Checkpoint checkpoint, long tokens, ModelConfig config) {
        if (tokens > config.vocabSize()) {
            throw new HadalException("the tokenizer of " + checkpoint.path() + " has " + tokens
                    + " tokens, but the model only " + config.vocabSize() + "; use the files of one model");
        }
    }

    /// The tokenizer of a tokenizer.json, a folder that holds one, or a GGUF file.
    public static Tokenizer at(Path path) {
        if (!path.toString().endsWith(".gguf")) {
            return Tokenizer.fromJson(path);
        }
        try (var checkpoint = Checkpoint.open(path)) {
            var tokenizer = find(checkpoint);
            if (tokenizer == null) {
                throw new HadalException(path + " holds no tokenizer; name a tokenizer.json");
            }
            return tokenizer;
        }
    }

    /// The checkpoint's vocabulary as GGUF files describe it, or null when it brings none.
    ///
    /// @throws HadalException if it is broken
    public static @Nullable Vocabulary vocabulary(Checkpoint checkpoint) {
        return switch (checkpoint) {
            case HuggingFaceCheckpoint hf ->
                hf.tokenizerJson().map(Vocabulary::fromJson).orElse(null);
            case GgufCheckpoint gguf -> hasTokenizer(gguf) ? vocabulary(gguf.metadata()) : null;
        };
    }

    private static @Nullable Tokenizer find(Checkpoint checkpoint) {
        return switch (checkpoint) {
            case HuggingFaceCheckpoint hf ->
                hf.tokenizerJson().map(Tokenizer::fromJson).orElse(null);
            case GgufCheckpoint gguf -> hasTokenizer(gguf) ? Tokenizer.of(vocabulary(gguf.metadata())) : null;
        };
    }

    private static boolean hasTokenizer(GgufCheckpoint gguf) {
        return gguf.metadata().has(PREFIX + "tokens") && gguf.metadata().has(PREFIX + "merges");
    }

    private static Vocabulary vocabulary(GgufMetadata metadata) {
        return new Vocabulary(
                metadata.file().toString(),
                metadata.strings(PREFIX + "tokens"),
                Arrays.stream(metadata.integers(PREFIX + "token_type"))
                        .mapToInt(type -> asInt(metadata, "token_type", type))
                        .toArray(),
                metadata.strings(PREFIX + "merges"),
                metadata.string(PREFIX + "pre"),
                asInt(metadata, "bos_token_id", metadata.integer(PREFIX + "bos_token_id")),
                asInt(metadata, "eos_token_id", metadata.integer(PREFIX + "eos_token_id")),
                asInt(metadata, "padding_token_id", metadata.integer(PREFIX + "padding_token_id", -1)));
    }

    private static int asInt(GgufMetadata metadata, String key, long value) {
        if (value != (int) value) {
            throw new HadalException(metadata.file() + ": metadata " + PREFIX + key + " has the value " + value
                    + ", which is out of range; convert the model again with a current converter");
        }
        return (int) value;
    }
}
