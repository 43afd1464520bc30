package ai.hadal.server.killed;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.EngineOptions;
import ai.hadal.engine.Speculation;
import ai.hadal.server.ServerConfig;
import ai.hadal.server.ServerUnderTest;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The lives of a server: random trees of conversations, which go on with the answers of a server without a cache. So
/// nothing of it depends on what the server under test answers, or when it is killed.
final class Script {

    private static final int TREES_A_LIFE = 8;
    private static final int ROUNDS = 2;
    private static final int BESIDE = 2;
    private static final int ENDLESS_TOKENS = 200;

    private final HttpClient http;
    private final Random random = new Random(5);
    private final List<Tree> trees = new ArrayList<>();
    private List<Turn> last = List.of();

    /// A question in a conversation of a tree.
    private record Request(Tree tree, Asking asking) {

        Turn answered(Answered answered) {
            return new Turn(tree, new Exchange(asking, answered));
        }
    }

    /// An exchange in a conversation of a tree.
    private record Turn(Tree tree, Exchange exchange) {}

    Script(HttpClient http) {
        this.http = http;
    }

    /// The next life.
    Life next() {
        // A server of its own for each: what is asked depends on the turns that a server remembers from its life.
        try (var cold = cold()) {
            return next(
                    new Client(http, cold.uri("/")), cold.engine().tokenizer().eosId());
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

    private Life next(Client cold, int eos) {
        var first = turns(
                cold,
                Stream.concat(
                        last.stream().map(turn -> new Request(turn.tree, turn.exchange.asking())),
                        requests(newest(), Tree::next)));
        learn(first);
        for (int t = 0; t < TREES_A_LIFE; t++) {
            trees.add(new Tree(random));
        }
        var rounds = new ArrayList<List<Exchange>>();
        for (int r = 0; r < ROUNDS; r++) {
            var pairs = Stream.concat(newest().stream(), newest().stream());
            var round = turns(cold, requests(pairs.toList(), Tree::next));
            learn(round);
            rounds.add(exchanges(round));
        }
        var streamed = requests(newest().subList(0, 1), tree -> tree.endless(ENDLESS_TOKENS, eos));
        var beside = requests(newest().subList(1, 1 + BESIDE), Tree::next);
        last = turns(cold, Stream.concat(streamed, beside));
        return new Life(exchanges(first), rounds, exchanges(last));
    }

    private List<Tree> newest() {
        return trees.subList(Math.max(0, trees.size() - TREES_A_LIFE), trees.size());
    }

    private static Stream<Request> requests(List<Tree> trees, Function<Tree, Asking> asks) {
        return trees.stream().map(tree -> new Request(tree, asks.apply(tree)));
    }

    private static List<Turn> turns(Client cold, Stream<Request> some) {
        var requests = some.toList();
        var answers = cold.ask(requests.stream().map(Request::asking).toList());
        assertThat(answers).allMatch(answer -> answer.cached() == 0);
        return IntStream.range(0, answers.size())
                .mapToObj(i -> requests.get(i).answered(answers.get(i)))
                .toList();
    }

    private static void learn(List<Turn> turns) {
        turns.forEach(turn -> turn.tree.learn(turn.exchange.asking(), turn.exchange.answered()));
    }

    private static List<Exchange> exchanges(List<Turn> turns) {
        return turns.stream().map(Turn::exchange).toList();
    }

    /// All so far.
    List<Tree> trees() {
        return trees;
    }
}
