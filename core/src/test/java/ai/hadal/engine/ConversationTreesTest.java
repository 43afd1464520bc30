package ai.hadal.engine;

import static ai.hadal.engine.TinyEngine.joined;
import static ai.hadal.engine.TinyEngine.text;
import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.ScheduledRequest.Choice;
import ai.hadal.engine.prefix.PrefixCache;
import ai.hadal.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random trees of conversations (they go on, branch and are edited, several at once) through one server life after
/// another, some of which end like a killed process: every answer is the cold one.
class ConversationTreesTest {

    private static final int TREES = 200;
    private static final int REQUESTS = 5;
    private static final int LIVES = 12;

    @TempDir
    private Path folder;

    private final Random random = new Random(11);
    private long prompts;
    private long cached;

    /// What is left of a server between its lives: a folder.
    private int life;

    @Test
    void everyAnswerIsTheColdOne() throws IOException {
        try (var engine = TinyEngine.open();
                var cold = Engine.open(
                        Goldens.resource("flash-tiny"), EngineOptions.defaults().withThreads(1))) {
            for (int l = 0; l < LIVES; l++) {
                live(engine, cold, TREES / LIVES + 1);
            }
        }
        assertThat(cached).as("tokens of %d that were cached", prompts).isGreaterThan(prompts / 4);
    }

    private void live(Engine engine, Engine cold, int trees) throws IOException {
        long memory = random.nextInt(3) == 0 ? 200_000 : 4_000_000;
        Path store = folder.resolve("life" + life);
        try (var disk = DiskTier.open(store, engine.model(), 64L << 20, warning -> {});
                var scheduler = Scheduler.start(
                        engine,
                        new PrefixCache(engine.model(), memory, disk),
                        SchedulerOptions.defaults(1L << 32),
                        SchedulerObserver.NONE)) {
            for (int t = 0; t < trees; t++) {
                tree(cold, scheduler);
                if (t == trees / 2 && random.nextBoolean()) {
                    // What a killed process leaves is whatever the files hold at that moment.
                    copy(store, folder.resolve("life" + (life + 1)));
                }
            }
        }
        life++;
        if (!Files.isDirectory(folder.resolve("life" + life))) {
            Files.move(store, folder.resolve("life" + life));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".hadalseg")).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private void tree(Engine cold, Scheduler scheduler) {
        // Trees share a few beginnings, as conversations share instructions.
        List<int[]> known = new ArrayList<>(List.of(text(40 + 130 * random.nextInt(3), random.nextInt(4))));
        for (int r = 0; r < REQUESTS; r += 2) {
            var requests = List.of(request(known), request(known));
            var tickets = requests.stream()
                    .map(request -> scheduler.submit(new ScheduledRequest(
                            List.of(new Choice(request, GenerationListener.NONE)),
                            new int[] {Math.max(1, request.prompt().length - 20)},
                            "",
                            0)))
                    .toList();
            // While the scheduler works.
            var expected = requests.stream()
                    .map(request -> cold.newSession()
                            .generate(request, GenerationListener.NONE)
                            .ids())
                    .toList();
            for (int i = 0; i < tickets.size(); i++) {
                var request = requests.get(i);
                var result = tickets.get(i).results().join().getFirst();
                assertThat(result.ids()).isEqualTo(expected.get(i));
                prompts += request.prompt().length;
                cached += result.usage().cached();
                known.add(joined(request.prompt(), result.ids()));
            }
        }
    }

    /// Goes on from one of the known texts, or from a part of one.
    private GenerationRequest request(List<int[]> known) {
        int[] text = known.get(random.nextInt(known.size()));
        int kept = random.nextInt(3) == 0 ? 1 + random.nextInt(text.length) : text.length;
        int[] prompt = joined(Arrays.copyOf(text, kept), text(1 + random.nextInt(60), random.nextInt(1000)));
        var options =
                new SamplingOptions(0.9, 0, 1, 0, 1, 0, 0, Map.of(1, Float.NEGATIVE_INFINITY), random.nextInt(100));
        return GenerationRequest.of(prompt, options, 1 + random.nextInt(12));
    }
}
