package ai.hadal.train.quantize;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.GgufCheckpoint;
import ai.hadal.checkpoint.GgufPairs;
import ai.hadal.checkpoint.GgufWriter;
import ai.hadal.checkpoint.GgufWriter.Entry;
import ai.hadal.engine.Tokenizers;
import ai.hadal.model.GgufLayout;
import ai.hadal.model.GgufLayout.FileTensor;
import ai.hadal.model.GgufLayout.Join;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.OfficialTensors;
import ai.hadal.tensor.Format;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A whole model in one GGUF file.
///
/// Source: GGUF facts for `deepseek4`.
final class GgufModel {

    private static final String TOKENIZER = "tokenizer.ggml.";

    private final List<FileTensor> tensors;
    private final List<Entry> entries = new ArrayList<>();

    GgufModel(OfficialTensors source, ModelConfig config, TargetFormat target) {
        this.tensors = GgufLayout.tensors(config);
        for (var tensor : tensors) {
            var first = tensor.parts().getFirst();
            Format stored = first.parameters() ? source.weight(first).format() : Format.I32;
            entries.add(new Entry(tensor.name(), FormatRule.gguf(first, target, stored), tensor.shape()));
        }
    }

    /// Bytes of all tensors.
    long bytes() {
        return entries.stream().mapToLong(Entry::bytes).sum();
    }

    /// Writes the file.
    void write(Path file, GgufPairs metadata, TensorStream stream) {
        try (var writer = GgufWriter.create(file, metadata, entries)) {
            for (int i = 0; i < tensors.size(); i++) {
                var tensor = tensors.get(i);
                var format = entries.get(i).format();
                if (tensor.join() == Join.SIDE_BY_SIDE) {
                    stream.writeSideBySide(tensor.parts(), format, writer::write);
                } else {
                    stream.write(tensor.parts(), format, writer::write);
                }
            }
            writer.commit();
        }
    }

    /// The file's metadata: the architecture, what another GGUF file told about itself, and the tokenizer.
    static GgufPairs metadata(Checkpoint source, ModelConfig config, TargetFormat target) {
        var pairs = new GgufPairs();
        GgufLayout.describe(config, pairs);
        pairs.u32("general.quantization_version", 2);
        pairs.u32("general.file_type", fileType(target));
        tokenizer(source, config, pairs);
        if (source instanceof GgufCheckpoint gguf) {
            var metadata = gguf.metadata();
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

    private static int fileType(TargetFormat target) {
        return switch (target) {
            case Q4_K -> 15;
            case MXFP4 -> 38;
            case Q8_0, OFFICIAL -> 7;
        };
    }

    private static void tokenizer(Checkpoint source, ModelConfig config, GgufPairs pairs) {
        var own = Tokenizers.vocabulary(source);
        if (own == null) {
            pairs.u32(TOKENIZER + "bos_token_id", config.bosId()).u32(TOKENIZER + "eos_token_id", config.eosId());
            return;
        }
        var vocabulary = own.padded(config.vocabSize());
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
        if (!(source instanceof GgufCheckpoint)) {
            pairs.bool(TOKENIZER + "add_bos_token", true);
        }
    }
}
