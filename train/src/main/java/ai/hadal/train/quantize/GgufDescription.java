package ai.hadal.train.quantize;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.GgufCheckpoint;
import ai.hadal.checkpoint.GgufPairs;
import ai.hadal.engine.Tokenizers;
import ai.hadal.model.GgufLayout;
import ai.hadal.model.ModelConfig;
import ai.hadal.tensor.Format;
import ai.hadal.tokenizer.Vocabulary;
import org.jspecify.annotations.Nullable;

/// What a GGUF file says about itself.
///
/// Source: GGUF facts for `deepseek4`, metadata keys and tokenizer metadata.
public final class GgufDescription {

    private static final String TOKENIZER = "tokenizer.ggml.";

    private GgufDescription() {}

    /// The architecture, the tokenizer, and what another GGUF file told about itself.
    static GgufPairs source(Checkpoint source, ModelConfig config, Format experts) {
        boolean gguf = source instanceof GgufCheckpoint;
        var pairs = model(config, experts, Tokenizers.vocabulary(source), !gguf);
        if (source instanceof GgufCheckpoint checkpoint) {
            var metadata = checkpoint.metadata();
            for (String key : metadata.keys()) {
                boolean layout = key.equals("general.alignment") || key.startsWith("split.");
                boolean told = key.startsWith("general.") || key.startsWith("tokenizer.");
                if (told && !layout && !pairs.has(key)) {
                    pairs.copy(metadata, key);
                }
            }
        }
        return pairs;
    }

    /// The architecture and the tokenizer.
    ///
    /// @param experts what routed experts are stored in
    /// @param vocabulary null where the model has none
    /// @param addBos whether the file says that texts begin with a token of their own
    public static GgufPairs model(ModelConfig config, Format experts, @Nullable Vocabulary vocabulary, boolean addBos) {
        var pairs = new GgufPairs();
        GgufLayout.describe(config, pairs);
        pairs.u32("general.quantization_version", 2);
        pairs.u32("general.file_type", fileType(experts));
        if (vocabulary == null) {
            pairs.u32(TOKENIZER + "bos_token_id", config.bosId()).u32(TOKENIZER + "eos_token_id", config.eosId());
            return pairs;
        }
        tokenizer(vocabulary.padded(config.vocabSize()), config, pairs);
        if (addBos) {
            pairs.bool(TOKENIZER + "add_bos_token", true);
        }
        return pairs;
    }

    private static void tokenizer(Vocabulary vocabulary, ModelConfig config, GgufPairs pairs) {
        pairs.string(TOKENIZER + "model", "gpt2")
                .string(TOKENIZER + "pre", vocabulary.pre())
                .strings(TOKENIZER + "tokens", vocabulary.tokens())
                .i32s(TOKENIZER + "token_type", vocabulary.tokenTypes())
                .strings(TOKENIZER + "merges", vocabulary.merges())
                .u32(TOKENIZER + "bos_token_id", config.bosId())
                .u32(TOKENIZER + "eos_token_id", config.eosId());
        if (vocabulary.padId() >= 0) {
            pairs.u32(TOKENIZER + "padding_token_id", vocabulary.padId());
        }
    }

    private static int fileType(Format experts) {
        return switch (experts) {
            case F16 -> 1;
            case Q2_K -> 10;
            case Q4_K -> 15;
            case Q6_K -> 18;
            case IQ2_XXS -> 19;
            case BF16 -> 32;
            case MXFP4 -> 38;
            default -> 7;
        };
    }
}
