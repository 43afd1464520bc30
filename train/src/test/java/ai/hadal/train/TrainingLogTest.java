package ai.hadal.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The log of a run.
class TrainingLogTest {

    @TempDir
    private Path folder;

    @Test
    void everyEventIsALineAtOnce() throws IOException {
        try (var log = TrainingLog.in(folder)) {
            log.started(SimulatedSteps.start(0));
            log.stepped(SimulatedSteps.step(0));
            assertThat(events()).containsExactly("started", "step");
            log.saved(1, folder.resolve("step-1"));
            log.finished(folder.resolve("model"));
            assertThat(events()).containsExactly("started", "step", "saved", "finished");
        }
        JsonNode step = lines().get(1);
        assertThat(step.get("loss").asDouble()).isEqualTo(7.1);
        assertThat(step.get("tokens").asLong()).isEqualTo(4096);
        assertThat(step.get("expert_load")).hasSize(16);
    }

    @Test
    void numbersAreRoundedAndWhatIsNoneIsNull() throws IOException {
        try (var log = TrainingLog.in(folder)) {
            log.stepped(new TrainingListener.Step(
                    0, "s", 1, 1, 1.23456789, Double.NaN, 0, 1 / 3e4, 2e7 / 3, 0.123456, 1e12 / 3, new float[] {1f / 3
                    }));
        }
        assertThat(Files.readString(folder.resolve(TrainingLog.FILE)))
                .contains("\"loss\":1.23457,", "\"mtp_loss\":null,", "\"learning_rate\":3.33333E-5,")
                .contains("\"gradient_norm\":6666670.0,", "\"seconds\":0.1235,", "\"expert_load\":[0.3333]");
    }

    @Test
    void aRunThatContinuesHasEachStepOnce() throws IOException {
        run(0, 10, 5);
        run(5, 8, 7);
        run(7, 9, 9);
        assertThat(steps()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(events().stream().filter("started"::equals)).hasSize(3);
        assertThat(lines().stream().filter(line -> line.get("event").asString().equals("saved")))
                .extracting(line -> line.get("step").asLong())
                .containsExactly(5L, 7L, 9L);
    }

    @Test
    void aRunThatBeginsAnewForgetsTheOld() throws IOException {
        run(0, 10, 5);
        run(0, 2, 2);
        assertThat(events()).containsExactly("started", "step", "step", "saved");
    }

    @Test
    void aLineTornByAKillIsDropped() throws IOException {
        run(0, 3, 3);
        Path file = folder.resolve(TrainingLog.FILE);
        Files.write(file, new byte[] {'{', '"', (byte) 0xe6, (byte) 0xb7}, StandardOpenOption.APPEND);
        run(3, 5, 5);
        assertThat(steps()).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void aRollBackTakesItsStepsAwayAndSaysWhy() throws IOException {
        try (var log = TrainingLog.in(folder)) {
            log.started(SimulatedSteps.start(0));
            for (int i = 0; i < 6; i++) {
                log.stepped(SimulatedSteps.step(i));
            }
            log.rolledBack(6, 4, "the loss is not a number");
            log.stepped(SimulatedSteps.step(4));
        }
        assertThat(steps()).containsExactly(0L, 1L, 2L, 3L, 4L);
        JsonNode told = lines().get(5);
        assertThat(told.get("event").asString()).isEqualTo("rolled_back");
        assertThat(told.get("step").asLong()).isEqualTo(6);
        assertThat(told.get("reason").asString()).isEqualTo("the loss is not a number");
        run(5, 6, 6);
        assertThat(events()).contains("rolled_back");
        run(3, 4, 4);
        assertThat(events()).doesNotContain("rolled_back");
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        Files.writeString(folder.resolve(TrainingLog.FILE), "{\"event\":\"step\",\"step\":0}\nnonsense\n");
        try (var log = TrainingLog.in(folder)) {
            assertThatThrownBy(() -> log.started(SimulatedSteps.start(1)))
                    .isInstanceOf(HadalException.class)
                    .hasMessageContainingAll("log.jsonl", "line 2", "remove the line");
        }
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        try (var log = TrainingLog.in(folder.resolve("gone"))) {
            assertThatThrownBy(() -> log.started(SimulatedSteps.start(0)))
                    .isInstanceOf(HadalException.class)
                    .hasMessageContainingAll("gone", "log.jsonl", "cannot be written");
        }
    }

    private void run(long first, long end, long saved) {
        try (var log = TrainingLog.in(folder)) {
            log.started(SimulatedSteps.start(first));
            for (long i = first; i < end; i++) {
                log.stepped(SimulatedSteps.step(i));
                if (i + 1 == saved) {
                    log.saved(saved, folder.resolve("step-" + saved));
                }
            }
        }
    }

    private List<JsonNode> lines() throws IOException {
        return Files.readAllLines(folder.resolve(TrainingLog.FILE)).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    private List<String> events() throws IOException {
        return lines().stream().map(line -> line.get("event").asString()).toList();
    }

    private List<Long> steps() throws IOException {
        return lines().stream()
                .filter(line -> line.get("event").asString().equals("step"))
                .map(line -> line.get("step").asLong())
                .toList();
    }
}
