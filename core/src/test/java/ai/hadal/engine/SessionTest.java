package ai.hadal.engine;

import static ai.hadal.engine.TinyEngine.fresh;
import static ai.hadal.engine.TinyEngine.greedy;
import static ai.hadal.engine.TinyEngine.joined;
import static ai.hadal.engine.TinyEngine.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.engine.TinyEngine.Listener;
import ai.hadal.error.HadalException;
import ai.hadal.model.Chunk.Logits;
import ai.hadal.testing.Goldens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a session keeps, reuses and reports. Wherever it comes from, it continues with the bits of a fresh one.
class SessionTest {

    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = TinyEngine.open();
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static void continuesLikeAFreshOne(Session session) {
        int[] ids = session.ids();
        assertThat(session.length()).isEqualTo(ids.length);
        float[] next = session.step(new int[] {7}, Logits.LAST)[0];
        assertThat(next).containsExactly(fresh(engine, ids, 7));
    }

    @Test
    void generatedTokensButTheLastBecomePartOfTheSession() {
        int[] prompt = text(40, 1);
        Session session = engine.newSession();
        var result = session.generate(greedy(prompt, 5), GenerationListener.NONE);
        assertThat(result.ids()).hasSize(5);
        assertThat(result.reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(result.usage()).isEqualTo(new Usage(40, 0, 0, 5));
        assertThat(session.ids()).containsExactly(joined(prompt, Arrays.copyOf(result.ids(), 4)));
        continuesLikeAFreshOne(session);
    }

    @Test
    void aLongerPromptContinuesWithoutReadingItsBeginningAgain() {
        int[] prompt = text(40, 2);
        Session session = engine.newSession();
        int[] answer =
                session.generate(greedy(prompt, 5), GenerationListener.NONE).ids();
        int[] next = joined(joined(prompt, answer), text(30, 3));
        var listener = new Listener();
        var result = session.generate(greedy(next, 3), listener);
        // The last answered token was never stepped.
        assertThat(result.usage()).isEqualTo(new Usage(75, 44, 0, 3));
        assertThat(listener.prefilled).containsExactly(44L, 68L, 75L);
        assertThat(result.ids())
                .isEqualTo(engine.newSession()
                        .generate(greedy(next, 3), GenerationListener.NONE)
                        .ids());
        continuesLikeAFreshOne(session);
    }

    @Test
    void aPromptThatLeavesTheTextWithinTheWindowRollsBack() {
        Session session = engine.newSession();
        int[] old = text(100, 4);
        session.generate(greedy(old, 1), GenerationListener.NONE);
        int[] other = joined(Arrays.copyOf(old, 90), text(20, 5));
        assertThat(session.generate(greedy(other, 2), GenerationListener.NONE).usage())
                .isEqualTo(new Usage(110, 90, 0, 2));
        continuesLikeAFreshOne(session);
    }

    @Test
    void aPromptThatLeavesTheAnswerContinuesFromTheEndOfThePromptBefore() {
        // As when a chat drops the reasoning of the turn before.
        Session session = engine.newSession();
        int[] prompt = text(50, 6);
        session.generate(greedy(prompt, 60), GenerationListener.NONE);
        int[] next = joined(prompt, text(10, 7));
        assertThat(session.generate(greedy(next, 2), GenerationListener.NONE)
                        .usage()
                        .cached())
                .isEqualTo(50);
        continuesLikeAFreshOne(session);
    }

    @Test
    void oldPromptsAreRememberedToo() {
        Session session = engine.newSession();
        int[] first = text(50, 8);
        session.generate(greedy(first, 1), GenerationListener.NONE);
        session.generate(greedy(joined(first, text(60, 9)), 1), GenerationListener.NONE);
        int[] branch = joined(first, text(12, 10));
        assertThat(session.generate(greedy(branch, 2), GenerationListener.NONE)
                        .usage()
                        .cached())
                .isEqualTo(50);
        continuesLikeAFreshOne(session);
    }

    @Test
    void anotherTextStartsOver() {
        Session session = engine.newSession();
        session.generate(greedy(text(80, 11), 3), GenerationListener.NONE);
        int[] other = text(30, 12);
        assertThat(session.generate(greedy(other, 2), GenerationListener.NONE)
                        .usage()
                        .cached())
                .isZero();
        continuesLikeAFreshOne(session);
    }

    @Test
    void theSamePromptAgainReadsItsLastTokenOnly() {
        Session session = engine.newSession();
        int[] prompt = text(30, 13);
        var first = session.generate(greedy(prompt, 1), GenerationListener.NONE);
        var second = session.generate(greedy(prompt, 1), GenerationListener.NONE);
        assertThat(second.usage().cached()).isEqualTo(29);
        assertThat(second.ids()).isEqualTo(first.ids());
    }

    @Test
    void prefixesOfAllKindsGiveTheBitsOfAFreshSession() {
        Session session = engine.newSession();
        int[] text = text(150, 14);
        int seed = 15;
        for (int keep : new int[] {0, 128, 127, 4, 140, 3, 64}) {
            int[] prompt = joined(Arrays.copyOf(text, keep), text(1 + keep % 37, seed++));
            session.generate(greedy(prompt, 1 + keep % 20), GenerationListener.NONE);
            continuesLikeAFreshOne(session);
        }
    }

    @Test
    void rollbackForgetsTheLastTokens() {
        Session session = engine.newSession();
        session.logits(text(50, 16));
        session.rollback(40);
        assertThat(session.ids()).containsExactly(Arrays.copyOf(text(50, 16), 40));
        continuesLikeAFreshOne(session);
        assertThatThrownBy(() -> session.rollback(10))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("rolled back to 10");
        session.rollback(0);
        session.logits(text(5, 17));
        continuesLikeAFreshOne(session);
    }

    @Test
    void aForkIsIndependent() {
        Session session = engine.newSession();
        session.logits(text(50, 18));
        Session fork = session.fork();
        session.logits(text(30, 19));
        fork.logits(text(9, 20));
        assertThat(fork.length()).isEqualTo(59);
        continuesLikeAFreshOne(fork);
        continuesLikeAFreshOne(session);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 24, 48})
    void cancelledWhileReadingThePromptItKeepsWhatWasRead(int at) {
        Session session = engine.newSession();
        int[] prompt = text(60, 21);
        var result = session.generate(greedy(prompt, 5), new Listener(at, Integer.MAX_VALUE));
        assertThat(result.reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(result.ids()).isEmpty();
        assertThat(session.length()).isEqualTo(at == 1 ? 24 : at);
        var again = session.generate(greedy(prompt, 5), GenerationListener.NONE);
        assertThat(again.usage().cached()).isEqualTo(at == 1 ? 24 : at);
        assertThat(again.ids())
                .isEqualTo(engine.newSession()
                        .generate(greedy(prompt, 5), GenerationListener.NONE)
                        .ids());
    }

    @Test
    void cancelledWhileAnsweringItKeepsTheAnswerSoFar() {
        Session session = engine.newSession();
        int[] prompt = text(30, 22);
        var result = session.generate(greedy(prompt, 50), new Listener(Long.MAX_VALUE, 6));
        assertThat(result.reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(result.ids()).hasSize(6);
        var whole = session.generate(greedy(joined(prompt, result.ids()), 44), GenerationListener.NONE);
        assertThat(joined(result.ids(), whole.ids()))
                .isEqualTo(engine.newSession()
                        .generate(greedy(prompt, 50), GenerationListener.NONE)
                        .ids());
        continuesLikeAFreshOne(session);
    }

    @Test
    void aListenerThatFailsLeavesAGoodSession() {
        Session session = engine.newSession();
        int[] prompt = text(30, 23);
        assertThatThrownBy(() -> session.generate(greedy(prompt, 9), new GenerationListener() {
                    @Override
                    public void token(GeneratedToken token) {
                        throw new IllegalStateException("reader gone");
                    }
                }))
                .hasMessage("reader gone");
        assertThat(session.ids()).containsExactly(prompt);
        continuesLikeAFreshOne(session);
    }

    @Test
    void aTokenThatDoesNotExistChangesNothing() {
        Session session = engine.newSession();
        session.logits(text(20, 24));
        assertThatThrownBy(() -> session.logits(new int[] {5, 512}))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("token id 512");
        assertThat(session.length()).isEqualTo(20);
        continuesLikeAFreshOne(session);
    }

    @Test
    void stopIdsEndTheAnswerAndBelongToIt() {
        int[] prompt = text(20, 25);
        int[] free = engine.newSession()
                .generate(greedy(prompt, 8), GenerationListener.NONE)
                .ids();
        int stop = free[3];
        int first =
                IntStream.range(0, 8).filter(i -> free[i] == stop).findFirst().orElseThrow();
        var request =
                new GenerationRequest(prompt, greedy(prompt, 1).sampling(), 8, List.of(stop), List.of(), false, -1, -1);
        var result = engine.newSession().generate(request, GenerationListener.NONE);
        assertThat(result.reason()).isEqualTo(FinishReason.STOP);
        assertThat(result.ids()).containsExactly(Arrays.copyOf(free, first + 1));
    }

    @Test
    void theEndOfTurnEndsTheAnswerUnlessItIsIgnored() {
        int[] prompt = text(20, 26);
        // The end of the turn is id 1 of this model; the bias makes it certain.
        var certain = new SamplingOptions(0, 0, 1, 0, 1, 0, 0, Map.of(1, 1000f), 0);
        var ended = engine.newSession().generate(GenerationRequest.of(prompt, certain, 5), GenerationListener.NONE);
        assertThat(ended.reason()).isEqualTo(FinishReason.END_OF_TURN);
        assertThat(ended.ids()).containsExactly(1);
        assertThat(ended.usage().output()).isEqualTo(1);
        var request = new GenerationRequest(prompt, certain, 5, List.of(), List.of(), true, -1, -1);
        assertThat(engine.newSession()
                        .generate(request, GenerationListener.NONE)
                        .ids())
                .containsExactly(1, 1, 1, 1, 1);
    }

    @Test
    void reasoningIsCountedUpToItsEnd() {
        int[] prompt = text(20, 27);
        int[] free = engine.newSession()
                .generate(greedy(prompt, 8), GenerationListener.NONE)
                .ids();
        int end = free[4];
        int first =
                IntStream.range(0, 8).filter(i -> free[i] == end).findFirst().orElseThrow();
        var request =
                new GenerationRequest(prompt, greedy(prompt, 1).sampling(), 8, List.of(), List.of(), false, -1, end);
        assertThat(engine.newSession()
                        .generate(request, GenerationListener.NONE)
                        .usage())
                .isEqualTo(new Usage(20, 0, first + 1, 8));
    }

    @Test
    void noTokensMayBeAskedFor() {
        Session session = engine.newSession();
        var result = session.generate(greedy(text(20, 28), 0), GenerationListener.NONE);
        assertThat(result.ids()).isEmpty();
        assertThat(result.reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(session.length()).isEqualTo(20);
    }

    @Test
    void theContextIsTheLimit() {
        try (var small = TinyEngine.open(EngineOptions.defaults().withContextLength(32))) {
            Session session = small.newSession();
            var result = session.generate(greedy(text(30, 29), 100), GenerationListener.NONE);
            // Two tokens fit, and the one after them needs no place.
            assertThat(result.ids()).hasSize(3);
            assertThat(result.reason()).isEqualTo(FinishReason.LENGTH);
            assertThat(session.length()).isEqualTo(32);
            assertThatThrownBy(() -> session.generate(greedy(text(33, 30), 1), GenerationListener.NONE))
                    .isInstanceOf(HadalException.class)
                    .hasMessageContaining("33 tokens, but the context holds 32");
            assertThatThrownBy(() -> session.logits(new int[] {5}))
                    .isInstanceOf(HadalException.class)
                    .hasMessageContaining("would grow to 33");
            assertThat(session.length()).isEqualTo(32);
        }
    }

    @Test
    void noMoreThanTheModelsPositionsIsPlannedForOneStep() {
        assertThatThrownBy(() -> Engine.open(
                        Goldens.resource("flash-tiny"), EngineOptions.defaults().withPrefillChunk(0)))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("(--batch-size) is 0");
        assertThatThrownBy(() -> Engine.open(
                        Goldens.resource("flash-tiny"), EngineOptions.defaults().withPrefillChunk(Integer.MAX_VALUE)))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("it must be 1 to 16384");
        try (var large = Engine.open(
                Goldens.resource("flash-tiny"), EngineOptions.defaults().withPrefillChunk(16_384))) {
            assertThat(large.contextLength()).isEqualTo(4096);
        }
    }

    @Test
    void logprobsOfAllTokensSumToOne() {
        int[] prompt = text(20, 31);
        var request = new GenerationRequest(
                prompt, greedy(prompt, 1).sampling(), 3, List.of(), List.of(), false, TinyEngine.VOCABULARY, -1);
        var listener = new Listener();
        engine.newSession().generate(request, listener);
        assertThat(listener.tokens).hasSize(3).allSatisfy(token -> {
            var logprobs = token.logprobs();
            assertThat(logprobs.top()).hasSize(TinyEngine.VOCABULARY);
            assertThat(logprobs.top().stream()
                            .mapToDouble(e -> Math.exp(e.logprob()))
                            .sum())
                    .isCloseTo(1, within(1e-9));
            assertThat(logprobs.top().stream().map(TokenLogprobs.Entry::logprob).toList())
                    .isSortedAccordingTo((a, b) -> Double.compare(b, a));
            assertThat(logprobs.top()).contains(new TokenLogprobs.Entry(token.id(), logprobs.chosen()));
        });
    }

    @Test
    void theSameSeedGivesTheSameTokens() {
        int[] prompt = text(20, 32);
        int[][] drawn = new int[3][];
        for (int i = 0; i < 3; i++) {
            var request = GenerationRequest.of(prompt, SamplingOptions.defaults(i == 2 ? 100 : 99), 20);
            drawn[i] = engine.newSession()
                    .generate(request, GenerationListener.NONE)
                    .ids();
        }
        assertThat(drawn[1]).isEqualTo(drawn[0]);
        assertThat(drawn[2]).isNotEqualTo(drawn[0]);
    }

    @Test
    void sessionsOnSeveralThreadsDoNotDisturbEachOther() throws Exception {
        int sessions = 4;
        var alone = IntStream.range(0, sessions)
                .mapToObj(i -> run(engine.newSession(), i))
                .toList();
        try (var threads = Executors.newFixedThreadPool(sessions)) {
            var tasks = IntStream.range(0, sessions)
                    .mapToObj(i -> (Callable<List<float[]>>) () -> run(engine.newSession(), i))
                    .toList();
            var together = threads.invokeAll(tasks);
            for (int i = 0; i < sessions; i++) {
                assertThat(together.get(i).get())
                        .usingElementComparator(Arrays::compare)
                        .isEqualTo(alone.get(i));
            }
        }
    }

    /// Prefill, decode, a branch and a prompt that starts over; all logits.
    private static List<float[]> run(Session session, int seed) {
        List<float[]> all = new ArrayList<>(List.of(session.logits(text(50 + 7 * seed, seed))));
        for (int i = 0; i < 10; i++) {
            all.addAll(List.of(session.logits(new int[] {i + 2})));
        }
        Session branch = session.fork();
        all.addAll(List.of(branch.logits(text(9, seed))));
        session.rollback((int) session.length() - 5);
        all.addAll(List.of(session.logits(text(9, seed + 1))));
        return all;
    }
}
