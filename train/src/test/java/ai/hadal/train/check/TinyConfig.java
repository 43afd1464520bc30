package ai.hadal.train.check;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The `config.json` of a model that has everything and is small: all three kinds of blocks, one of them hash routed,
/// and an MTP block. All widths fit the official formats.
public final class TinyConfig {

    private TinyConfig() {}

    /// Blocks with the ratios 0 (hash routed), 4, 128 and 4, and an MTP block.
    public static ObjectNode of(int vocabSize) {
        var config = (ObjectNode) JsonMapper.shared()
                .readTree(inRepository("models/tiny-random/config.json").toFile());
        config.put("vocab_size", vocabSize);
        config.put("num_hidden_layers", 4);
        config.putArray("compress_ratios").add(0).add(4).add(128).add(4).add(0);
        config.put("hidden_size", 64);
        config.put("num_attention_heads", 2);
        config.put("head_dim", 96);
        config.put("qk_rope_head_dim", 32);
        config.put("q_lora_rank", 32);
        config.put("o_lora_rank", 32);
        config.put("index_n_heads", 2);
        config.put("index_head_dim", 32);
        config.put("index_topk", 8);
        config.put("n_routed_experts", 4);
        config.put("moe_intermediate_size", 32);
        config.put("sliding_window", 16);
        // Low enough to cut a few values.
        config.put("swiglu_limit", 1.5);
        return config;
    }

    /// Writes a `config.json` into a folder and returns its path.
    public static Path write(ObjectNode config, Path folder) {
        try {
            return Files.writeString(folder.resolve("config.json"), config.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file or folder of the repository.
    public static Path inRepository(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(name))) {
                return at.resolve(name);
            }
        }
        throw new HadalException("no folder above this one has " + name + "; run the tests inside the repository");
    }
}
