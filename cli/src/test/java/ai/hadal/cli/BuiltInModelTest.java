package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.model.ModelConfigs;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `models/nano`, the model that answers where none is named.
class BuiltInModelTest {

    private static final Path NANO = TinyRandom.models().resolve("nano");

    @Test
    void peopleAreToldWhoAnswersAndHowToNameAnother() {
        var config = ModelConfigs.ofFile(NANO.resolve("config.json"));
        assertThat(BuiltInModel.line(config, "hadal chat PATH"))
                .isEqualTo("small built-in model (5 M parameters); for DeepSeek-V4: hadal chat PATH");
    }

    @Test
    void nothingIsWrongWithTheOneThatComesWithHadal() {
        var run = Hadal.run("inspect", NANO, "--check");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
    }

    @Test
    @Tag("slow")
    void theOneThatComesWithHadalHasLearntToAdd() {
        var run = Hadal.run("exam", NANO, "--tasks", "addition", "--modes", "high", "-n", 10, "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json().path("total").path("n").intValue()).isEqualTo(10);
        assertThat(run.json().path("total").path("right").intValue()).isGreaterThanOrEqualTo(5);
    }
}
