package ai.hadal.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.train.data.ChatFile;
import ai.hadal.train.data.ChatFileSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run learns: a handful of conversations by heart, down to the finished model's own answers.
@Tag("slow")
class TrainerLearnsTest {

    private static final List<String> CHATS = List.of(
            TinyRun.chat("What is 1 plus 1?", "It is 2."),
            TinyRun.chat("What is 3 plus 4?", "It is 7."),
            TinyRun.chat("How deep is the sea?", "Nobody knows."),
            TinyRun.chat("Who are you?", "A small model."));

    @TempDir
    private Path folder;

    @Test
    void aHandfulOfConversationsByHeart() {
        var tiny = new TinyRun(folder);
        tiny.write("few.jsonl", CHATS);
        String few = "[{weight: 1, chats: few.jsonl}]";
        var recipe = tiny.recipe(
                "model",
                "{peak: 0.02, token_rate: 1, vector_rate: 1, weight_decay: 0.1, warmup: 10, decay_from: 25, last: 0.1}",
                100,
                1,
                TinyRun.stage("first", 24, 1, 140, "attention: dense, indexer: 0, learn: all, weights: full", few),
                TinyRun.stage("last", 16, 1, 140, "attention: sparse, indexer: 1, learn: all, weights: rounded", few));
        List<TrainingListener.Step> steps = new ArrayList<>();
        Path model = tiny.train("run", recipe, 2, 99, new TrainingListener() {
                    @Override
                    public void stepped(Step step) {
                        steps.add(step);
                    }
                })
                .orElseThrow();

        assertThat(steps).hasSize(40);
        assertThat(steps.getFirst().loss()).isGreaterThan(4);
        assertThat(steps.getLast().loss()).isLessThan(0.1);
        assertThat(steps.getLast().mtpLoss()).isLessThan(0.1);
        assertThat(steps.getLast().tokens())
                .isEqualTo(steps.stream()
                        .mapToLong(TrainingListener.Step::stepTokens)
                        .sum());
        assertThat(steps)
                .allMatch(step -> (step.indexerLoss() > 0) == step.stage().equals("last"));
        try (var engine = Engine.open(model, EngineOptions.defaults().withContextLength(64))) {
            var source = new ChatFileSource(engine.tokenizer(), ChatFile.open(folder.resolve("few.jsonl")), 1);
            for (int i = 0; i < CHATS.size(); i++) {
                var document = source.documents(i, 64).getFirst();
                float[][] logits = engine.newSession().logits(document.ids());
                for (int p = 1; p < document.length(); p++) {
                    if (document.learnt()[p]) {
                        assertThat(highest(logits[p - 1])).isEqualTo(document.ids()[p]);
                    }
                }
            }
        }
    }

    private static int highest(float[] logits) {
        return IntStream.range(0, logits.length)
                .reduce((a, b) -> logits[b] > logits[a] ? b : a)
                .orElseThrow();
    }
}
