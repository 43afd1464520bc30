package ai.hadal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.error.HadalException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which stage a step belongs to, and its rate.
class RecipeTest {

    private static final Path FILE = Path.of("recipe.yaml");

    private static Recipe recipe(long warmup, long decayFrom, double last) {
        // Twice the same stage: they are told apart by their place.
        var twice = new Recipe.Stage("twice", 10, 1, 1, 64, false, 0, false, false, true, List.of());
        var once = new Recipe.Stage("once", 20, 1, 1, 64, true, 0, false, true, true, List.of());
        return new Recipe(
                FILE,
                1,
                FILE,
                FILE,
                FILE,
                new Recipe.Rates(0.5, 1, 1, 0, warmup, decayFrom, last),
                new Recipe.Losses(0, 0, 0, 0),
                new Recipe.Saving(1, 1),
                List.of(twice, twice, once));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "9, 0, 0", "10, 1, 10", "19, 1, 10", "20, 2, 20", "39, 2, 20"})
    void aStepBelongsToAStage(long step, int index, long first) {
        var recipe = recipe(0, 40, 1);
        assertThat(recipe.steps()).isEqualTo(40);
        assertThat(recipe.at(step)).isEqualTo(new Recipe.Place(recipe.stages().get(index), index, first));
    }

    @Test
    void thereIsNoStepAfterTheLast() {
        assertThatThrownBy(() -> recipe(0, 40, 1).at(40))
                .isInstanceOf(HadalException.class)
                .hasMessage("recipe.yaml has 40 steps; step 40 is not one of them");
    }

    @Test
    void theRateRisesStaysAndFallsByAHalfCosine() {
        var recipe = recipe(5, 20, 0.1);
        assertThat(recipe.rate(0)).isEqualTo(0.1);
        assertThat(recipe.rate(3)).isEqualTo(0.4);
        assertThat(recipe.rate(4)).isEqualTo(0.5);
        assertThat(recipe.rate(19)).isEqualTo(0.5);
        assertThat(recipe.rate(20)).isEqualTo(0.5);
        assertThat(recipe.rate(30)).as("half way").isCloseTo(0.275, within(1e-12));
        assertThat(recipe.rate(39)).isCloseTo(0.05, within(0.005)).isGreaterThan(0.05);
        for (int step = 20; step < 39; step++) {
            assertThat(recipe.rate(step + 1)).isLessThan(recipe.rate(step));
        }
    }

    @Test
    void aStageMultipliesItsRates() {
        var slow = new Recipe.Stage("slow", 20, 0.25, 1, 64, false, 0, false, false, true, List.of());
        var recipe = recipe(5, 40, 1);
        recipe = new Recipe(
                FILE,
                1,
                FILE,
                FILE,
                FILE,
                recipe.optimizer(),
                recipe.losses(),
                recipe.checkpoint(),
                List.of(slow, recipe.stages().getLast()));
        assertThat(recipe.rate(0)).isEqualTo(0.025);
        assertThat(recipe.rate(19)).isEqualTo(0.125);
        assertThat(recipe.rate(20)).isEqualTo(0.5);
    }

    @Test
    void withoutWarmupAndDecayTheRateIsThePeak() {
        var recipe = recipe(0, 40, 0.1);
        assertThat(recipe.rate(0)).isEqualTo(0.5);
        assertThat(recipe.rate(39)).isEqualTo(0.5);
    }
}
