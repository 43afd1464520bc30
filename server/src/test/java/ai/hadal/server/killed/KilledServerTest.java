package ai.hadal.server.killed;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.EngineOptions;
import ai.hadal.engine.Speculation;
import ai.hadal.server.ServerConfig;
import ai.hadal.server.ServerUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random trees of conversations over HTTP with a server that is killed in the midst of answers and started again on
/// the same folder: every answer, its log probabilities too, is that of a server without a cache, and what was computed
/// once is found again, in memory and after a kill on disk.
@Tag("slow")
class KilledServerTest {

    private static final int LIVES = 9;
    private static final int TREES_A_LIFE = 5;
    private static final int FOREIGN = 3;
    private static final int DAMAGED = 6;
    private static final int DAMAGE_DISTANCE = 2000;
    private static final String DAMAGE = "has a damaged value (wrong checksum)";
    private static final int ENDLESS_TOKENS = 300;

    /// One holds all there is, the other a few conversations.
    private static final long[] CACHE_BYTES = {64L << 20, 1L << 20};

    /// What was being answered when the server was killed.
    ///
    /// @param heard of the answer until then
    private record Lost(Tree tree, Asking asking, Answered heard) {}

    @TempDir
    private Path folder;

    private final Random random = new Random(5);
    private final List<Tree> trees = new ArrayList<>();
    private final List<Lost> lost = new ArrayList<>();
    private final Tally all = new Tally();
    private final Tally restarted = new Tally();
    private int cutOff;

    @Test
    void everyAnswerIsTheColdOne() throws IOException, InterruptedException {
        for (int life = 0; life < LIVES; life++) {
            Path foreign = folder.resolve("00000000.hadalseg");
            if (life == FOREIGN) {
                Files.writeString(foreign, "somebody's notes");
            }
            if (life == DAMAGED) {
                damage();
            }
            var warnings = live(life);
            if (life == FOREIGN) {
                assertThat(foreign).hasContent("somebody's notes");
                Files.delete(foreign);
                assertThat(warnings).anyMatch(warning -> warning.contains("is no segment of a Hadal cache"));
            } else if (life == DAMAGED) {
                assertThat(warnings).anyMatch(warning -> warning.contains(DAMAGE));
            } else {
                // What is damaged is noticed when it is wanted.
                boolean sound = life < DAMAGED;
                assertThat(warnings)
                        .allMatch(
                                warning -> warning.contains("as after a crash") || !sound && warning.contains(DAMAGE));
            }
        }
        System.out.printf(
                "%d trees, %d kills, %d answers cut off; %s; after a kill %s%n",
                trees.size(), LIVES - 1, cutOff, all, restarted);
        assertThat(cutOff).isPositive();
        assertThat(all.tokens()).isGreaterThan(50);
        assertThat(all.memory()).isGreaterThan(40);
        assertThat(restarted.tokens()).isGreaterThan(40);
        assertThat(restarted.disk()).isGreaterThan(40);
    }

    /// Changes a byte here and there, in most values and some headers of records.
    private void damage() throws IOException {
        try (var files = Files.newDirectoryStream(folder, "*.hadalseg")) {
            for (Path file : files) {
                try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    for (long at = DAMAGE_DISTANCE; at < channel.size(); at += DAMAGE_DISTANCE) {
                        var one = ByteBuffer.allocate(1);
                        channel.read(one, at);
                        one.put(0, (byte) (one.get(0) + 1));
                        channel.write(one.rewind(), at);
                    }
                }
            }
        }
    }

    private List<String> live(int life) throws IOException, InterruptedException {
        long cacheBytes = CACHE_BYTES[random.nextInt(CACHE_BYTES.length)];
        try (var http = HttpClient.newHttpClient();
                var cold = cold();
                var process = new ServerProcess(folder, cacheBytes)) {
            int eos = cold.engine().tokenizer().eosId();
            var client = new Client(http, process.uri(), eos);
            var reference = new Client(http, cold.uri("/"), eos);
            goOn(client, reference, life == DAMAGED ? new Tally() : restarted);
            for (int t = 0; t < TREES_A_LIFE; t++) {
                trees.add(new Tree(random));
            }
            for (int round = 0; round < 2; round++) {
                for (var tree : trees.subList(trees.size() - TREES_A_LIFE, trees.size())) {
                    var askings = List.of(tree.next(), tree.next());
                    var answers = askings.stream()
                            .map(asking -> CompletableFuture.supplyAsync(() -> client.ask(asking)))
                            .toList();
                    for (int i = 0; i < askings.size(); i++) {
                        take(tree, askings.get(i), answers.get(i).join(), reference, all);
                    }
                }
            }
            all.add(client.lookups());
            if (life < LIVES - 1) {
                killInTheMidst(client, process);
            }
            return process.end();
        }
    }

    /// A server without a cache, other threads and no drafts.
    private static ServerUnderTest cold() {
        var options = EngineOptions.defaults().withThreads(1).withSpeculation(Speculation.OFF);
        return ServerUnderTest.start(
                options,
                config -> config.withMemory(
                        new ServerConfig.Memory(0, config.memory().turnBytes())));
    }

    /// Asks again what was lost, and goes on with the conversations of the life before.
    private void goOn(Client client, Client reference, Tally tally) {
        for (var last : lost) {
            var answered = client.ask(last.asking());
            assertThat(answered.text()).startsWith(last.heard().text());
            var heard = last.heard().logprobs();
            assertThat(answered.logprobs().stream().limit(heard.size())).isEqualTo(heard);
            tally.add(answered);
            take(last.tree(), last.asking(), answered, reference, all);
        }
        lost.clear();
        for (var tree : trees.subList(Math.max(0, trees.size() - TREES_A_LIFE), trees.size())) {
            var asking = tree.next();
            var answered = client.ask(asking);
            tally.add(answered);
            take(tree, asking, answered, reference, all);
        }
        tally.add(client.lookups());
    }

    private static void take(Tree tree, Asking asking, Answered answered, Client reference, Tally tally) {
        var expected = reference.ask(asking);
        assertThat(expected.cached()).isZero();
        assertThat(answered.withoutCached()).as("%s", asking).isEqualTo(expected);
        tally.add(answered);
        tree.learn(asking, answered);
    }

    private void killInTheMidst(Client client, ServerProcess process) {
        var tree = trees.getLast();
        var streamed = tree.endless(ENDLESS_TOKENS);
        var beside = tree.next();
        int events = 1 + random.nextInt(60);
        var lines = new ArrayList<String>();
        var other = CompletableFuture.supplyAsync(() -> client.ask(beside));
        try {
            client.listen(streamed, line -> {
                lines.add(line);
                if (lines.size() == events) {
                    process.kill();
                }
            });
        } catch (UncheckedIOException _) {
            cutOff++;
        }
        other.exceptionally(_ -> null).join();
        lost.add(new Lost(tree, streamed, Answered.stream(lines)));
        // Its answer may have come, and is asked for again all the same.
        lost.add(new Lost(tree, beside, Answered.stream(List.of())));
    }
}
