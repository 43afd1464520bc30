package ai.hadal.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.error.HadalException;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.ModelConfigs;
import ai.hadal.model.ModelProblems;
import ai.hadal.tensor.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The model that comes with Hadal, and the program that wrote it.
class RandomModelTest {

    @TempDir
    private Path folder;

    private static Path committed() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("models/tiny-random"))) {
            at = at.getParent();
        }
        return at.resolve("models/tiny-random");
    }

    private Path written(long seed) throws IOException {
        for (String file : new String[] {"config.json", "tokenizer.json"}) {
            if (!Files.exists(folder.resolve(file))) {
                Files.copy(committed().resolve(file), folder.resolve(file));
            }
        }
        RandomModel.write(folder, seed);
        return folder.resolve("model.safetensors");
    }

    @Test
    void theCommittedFileIsWhatTheProgramWrites() throws IOException {
        Path weights = committed().resolve("model.safetensors");
        assertThat(Files.mismatch(written(RandomModel.SEED), weights))
                .as("the first byte that differs")
                .isEqualTo(-1);
        assertThat(Files.mismatch(written(RandomModel.SEED + 1), weights)).isPositive();
    }

    @Test
    void itHasEveryTensorOfTheArchitectureAndNoOther() {
        try (var checkpoint = Checkpoint.open(committed())) {
            ModelConfig config = ModelConfigs.of(checkpoint);
            assertThat(config.mtpLayers()).isOne();
            assertThat(config.compressRatios()).contains(0, 4, 128);
            assertThat(ModelProblems.headers(checkpoint, config)).isEmpty();
            assertThat(ModelProblems.contents(checkpoint, config, (done, total) -> {}))
                    .isEmpty();
            // 77 in each of 4 blocks, 11 of the CSA block's compressor and indexer, 4 of the HCA block's compressor,
            // 10 that MTP has on top, and 6 around the blocks; scales counted.
            assertThat(checkpoint.tensors().size()).isEqualTo(4 * 77 + 11 + 4 + 10 + 6);
            assertThat(checkpoint.tensors().get("layers.1.attn.wq_a.weight").format())
                    .isEqualTo(Format.F8_E4M3);
            assertThat(checkpoint
                            .tensors()
                            .get("layers.1.ffn.experts.7.w2.weight")
                            .format())
                    .isEqualTo(Format.I8);
            assertThat(checkpoint
                            .tensors()
                            .get("layers.1.attn.compressor.wkv.weight")
                            .format())
                    .isEqualTo(Format.BF16);
            assertThat(checkpoint.tensors().get("layers.1.hc_ffn_fn").format()).isEqualTo(Format.F32);
            assertThat(checkpoint.tensors().get("layers.0.ffn.gate.tid2eid").format())
                    .isEqualTo(Format.I64);
        }
    }

    @Test
    void logitsAreCalmAndFollowTheContext() {
        try (var engine = Engine.open(
                committed(), EngineOptions.defaults().withContextLength(512).withThreads(1))) {
            int[] ids = new Random(1).ints(300, 3, 2032).toArray();
            float[][] logits = engine.newSession().logits(ids);
            for (int row : new int[] {0, 1, 150, 299}) {
                assertThat(deviation(logits[row])).isBetween(1.5, 2.5);
            }
            // Another token far outside the window changes what comes at the end.
            ids[20]++;
            assertThat(engine.newSession().logits(ids)[299]).isNotEqualTo(logits[299]);
        }
    }

    private static double deviation(float[] row) {
        double sum = 0;
        double squares = 0;
        for (float value : row) {
            sum += value;
            squares += (double) value * value;
        }
        double mean = sum / row.length;
        return Math.sqrt(squares / row.length - mean * mean);
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        assertThatThrownBy(() -> RandomModel.write(folder, 1))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining(folder.resolve("config.json").toString());
        Files.writeString(folder.resolve("config.json"), "{\"hidden_size\": \"wide\", \"hc_mult\": 4}");
        assertThatThrownBy(() -> RandomModel.write(folder, 1))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("hidden_size");
    }
}
