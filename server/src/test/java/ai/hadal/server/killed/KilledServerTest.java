package ai.hadal.server.killed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random trees of conversations over HTTP with a server that is killed in the midst of answers and started again on
/// the same folder: every answer, its log probabilities too, is that of a server without a cache, and what was computed
/// once is found again, in memory and after a kill on disk.
@Tag("slow")
class KilledServerTest {

    private static final int LIVES = 25;

    /// Every so many lives end in order, the first one and the last one too.
    private static final int IN_ORDER = 6;

    private static final Set<Integer> FOREIGN = Set.of(4, 16);
    private static final Set<Integer> DAMAGED = Set.of(14, 21);
    private static final int MOST_LINES = 60;

    /// One holds all there is, the other a few conversations.
    private static final long[] CACHE_BYTES = {64L << 20, 1L << 20};

    private final CacheFolder folder;
    private final Random random = new Random(5);
    private final Tally all = new Tally();
    private final Tally afterKill = new Tally();
    private final Tally afterEnd = new Tally();
    private int kills;
    private int cutOff;

    KilledServerTest(@TempDir Path folder) {
        this.folder = new CacheFolder(folder);
    }

    @Test
    void everyAnswerIsTheColdOne() throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var script = new Script(http);
            var next = Async.start(script::next);
            for (int number = 0; number < LIVES; number++) {
                var life = next.join();
                if (number < LIVES - 1) {
                    // The cold answers of a life are computed while a server lives the one before.
                    next = Async.start(script::next);
                }
                live(number, life, http);
            }
            checkWhatOccurred(script.trees());
        }
    }

    private void checkWhatOccurred(List<Tree> trees) {
        int branches = trees.stream().mapToInt(Tree::branches).sum();
        int edits = trees.stream().mapToInt(Tree::edits).sum();
        System.out.printf(
                "%d trees, %d branches, %d edits, %d kills, %d answers cut off; %s; after a kill %s; after an end in order %s%n",
                trees.size(), branches, edits, kills, cutOff, all, afterKill, afterEnd);
        assertThat(trees).hasSize(200);
        assertThat(branches).isGreaterThan(30);
        assertThat(edits).isGreaterThan(30);
        assertThat(kills).isEqualTo(20);
        assertThat(cutOff).isGreaterThan(kills / 2);
        assertThat(all.tokens()).isGreaterThan(50);
        assertThat(all.memory()).isGreaterThan(40);
        assertThat(afterKill.tokens()).isGreaterThan(40);
        assertThat(afterKill.disk()).isGreaterThan(40);
        assertThat(afterEnd.tokens()).isGreaterThan(40);
        assertThat(afterEnd.disk()).isGreaterThan(40);
    }

    private void live(int number, Life life, HttpClient http) throws IOException, InterruptedException {
        if (FOREIGN.contains(number)) {
            folder.addForeign();
        }
        if (DAMAGED.contains(number)) {
            folder.damage();
        }
        try (var process = new ServerProcess(folder.path(), CACHE_BYTES[number / 2 % CACHE_BYTES.length])) {
            var client = new Client(http, process.uri());
            var began = began(number);
            check(client, life.first(), all, began);
            began.add(client.lookups());
            for (var round : life.rounds()) {
                check(client, round, all);
            }
            if (endsInOrder(number)) {
                check(client, life.last(), all);
                all.add(client.lookups());
                assertThat(process.end()).isZero();
            } else {
                all.add(client.lookups());
                killInTheMidst(client, process, life.last());
                assertThat(process.end()).isEqualTo(ServerProcess.KILLED);
                kills++;
            }
            checkWarnings(number, process.warnings());
        }
    }

    private void checkWarnings(int number, List<String> warnings) throws IOException {
        if (FOREIGN.contains(number)) {
            folder.removeForeign(warnings);
        } else if (DAMAGED.contains(number)) {
            folder.damageNoticed(warnings);
        } else {
            folder.nothingElse(warnings);
        }
    }

    private static boolean endsInOrder(int number) {
        return number % IN_ORDER == 0 || number == LIVES - 1;
    }

    /// For what is found of the first requests of a life.
    private Tally began(int number) {
        if (number == 0 || DAMAGED.contains(number)) {
            return new Tally();
        }
        return endsInOrder(number - 1) ? afterEnd : afterKill;
    }

    private static void check(Client client, List<Exchange> exchanges, Tally... tallies) {
        var answers = client.ask(exchanges.stream().map(Exchange::asking).toList());
        for (int i = 0; i < exchanges.size(); i++) {
            check(exchanges.get(i), answers.get(i));
            for (var tally : tallies) {
                tally.add(answers.get(i));
            }
        }
    }

    private static void check(Exchange exchange, Answered answered) {
        assertThat(answered.withoutCached()).as("%s", exchange.asking()).isEqualTo(exchange.answered());
    }

    /// What comes of the first answer until then, and those beside that come whole, are checked too.
    private void killInTheMidst(Client client, ServerProcess process, List<Exchange> exchanges) {
        var beside = exchanges.subList(1, exchanges.size()).stream()
                .map(exchange -> Async.start(() -> checkUnlessKilled(client, exchange)))
                .toList();
        int killedAt = 1 + random.nextInt(MOST_LINES);
        var lines = new ArrayList<String>();
        try {
            client.listen(exchanges.getFirst().asking(), line -> {
                lines.add(line);
                if (lines.size() == killedAt) {
                    process.kill();
                }
            });
        } catch (UncheckedIOException _) {
            cutOff++;
        }
        beside.forEach(CompletableFuture::join);
        var heard = Answered.stream(lines);
        var whole = exchanges.getFirst().answered();
        assertThat(whole.text()).startsWith(heard.text());
        assertThat(whole.logprobs().stream().limit(heard.logprobs().size())).isEqualTo(heard.logprobs());
    }

    private static boolean checkUnlessKilled(Client client, Exchange exchange) {
        try {
            check(exchange, client.ask(exchange.asking()));
            return true;
        } catch (UncheckedIOException _) {
            return false;
        }
    }
}
