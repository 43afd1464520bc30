package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.model.ModelConfigs;
import ai.hadal.model.ModelPart;
import ai.hadal.model.ModelSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenCostTest {

    private static final TokenCost COST = new TokenCost(1000, 10, 8000, 8, 2, 100, 80);

    /// 2 of 8 experts are 2000 bytes; two tokens visit 8 * (1 - (3/4)^2) = 3.5 experts, 3500 bytes.
    @ParameterizedTest
    @CsvSource({"1, 3010", "2, 2260", "1000, 19"})
    void sequencesShareWhatTheyRead(int sequences, long bytes) {
        assertThat(COST.bytes(sequences)).isEqualTo(bytes);
    }

    @Test
    void aModelsTokenReadsWhatItVisits() {
        try (var checkpoint = Checkpoint.open(Hadal.FLASH)) {
            var config = ModelConfigs.of(checkpoint);
            var stored = ModelSize.stored(checkpoint, config);
            var cost = TokenCost.of(config, stored);
            long embedding = stored.byPart().get(ModelPart.EMBEDDING);
            long mtp = stored.byPart().get(ModelPart.MTP);
            // With as many tokens as one likes, all of the main model but the embedding is read.
            assertThat(cost.shared() + cost.routed()).isEqualTo(stored.total() - embedding - mtp);
            assertThat(cost.bytes()).isBetween(cost.shared(), stored.total());
            assertThat(cost.prefillFlops()).isBetween(1.0, cost.decodeFlops());
        }
    }
}
