package ai.hadal.engine;

import static ai.hadal.engine.TinyEngine.joined;
import static ai.hadal.engine.TinyEngine.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import ai.hadal.model.Chunk.Logits;
import ai.hadal.testing.Goldens;
import ai.hadal.testing.TalkingModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever is drafted, right or wrong: but for the speed, all that can be seen of a generation and of its session
/// afterwards is as without drafts.
class SpeculationTest {

    private static final int CONTEXT = 220;
    private static final int DRAFTS = 5;

    private static final Map<String, int[]> TRUTHS = new HashMap<>();
    private static final Map<String, Plain> PLAIN = new HashMap<>();

    @TempDir
    private static Path folder;

    /// An engine whose own sessions do not speculate.
    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = Engine.open(
                TalkingModel.write(folder),
                EngineOptions.defaults()
                        .withThreads(2)
                        .withPrefillChunk(24)
                        .withContextLength(CONTEXT)
                        .withSpeculation(Speculation.OFF));
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    /// Where drafts come from.
    private enum Source {
        RIGHT,
        WRONG,
        MIXED,
        LOOKUP,
        MTP
    }

    /// @param truth what the text will be
    private static Session session(Source source, int[] truth) {
        int vocabulary = engine.config().vocabSize();
        var drafter = switch (source) {
            case RIGHT -> Drafters.right(1, truth, vocabulary);
            case WRONG -> Drafters.right(0, truth, vocabulary);
            case MIXED -> Drafters.right(0.7, truth, vocabulary);
            case LOOKUP -> new PromptLookup();
            case MTP -> new MtpDrafter(engine);
        };
        return session(new Lookahead(List.of(drafter), Drafters.always(DRAFTS), DRAFTS));
    }

    private static Session session(Lookahead lookahead) {
        return new Session(engine, engine.model().newSequence(), new int[0], lookahead);
    }

    private static GenerationRequest request(int[] prompt, SamplingOptions sampling, int tokens, String... stops) {
        return new GenerationRequest(prompt, sampling, tokens, List.of(), List.of(stops), false, 2, -1);
    }

    /// All that can be seen of a generation, its session looked at before and after every token.
    private static List<String> seen(Session session, GenerationRequest request, int cancelAt) {
        var seen = new ArrayList<String>();
        var result = session.generate(request, new GenerationListener() {
            private int tokens;

            @Override
            public void prefill(long done, long total) {
                seen.add("prefill " + done + " of " + total);
            }

            @Override
            public void token(GeneratedToken token) {
                tokens++;
                seen.add(token + " at " + session.length());
            }

            @Override
            public void rest(String text) {
                seen.add("rest " + text);
            }

            @Override
            public boolean cancelled() {
                seen.add("asked at " + session.length());
                return tokens == cancelAt;
            }
        });
        seen.add(Arrays.toString(result.ids()) + " " + result.text() + " " + result.reason() + " " + result.usage());
        seen.add(Arrays.toString(session.ids()) + " " + session.entryBytes());
        var crc = new CRC32C();
        crc.update(bytes(session));
        seen.add("saved " + crc.getValue());
        return seen;
    }

    private static byte[] bytes(Session session) {
        try {
            Path file = folder.resolve("session");
            session.save(file);
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The whole text, as far as the context goes, that a request leads to when nothing stops it.
    private static int[] truth(GenerationRequest request) {
        var free = new GenerationRequest(
                request.prompt(), request.sampling(), CONTEXT, List.of(), List.of(), true, -1, -1);
        return TRUTHS.computeIfAbsent(
                Arrays.toString(request.prompt()) + request.sampling(),
                _ -> joined(
                        request.prompt(),
                        engine.newSession()
                                .generate(free, GenerationListener.NONE)
                                .ids()));
    }

    private static void same(Source source, GenerationRequest request) {
        same(source, request, Integer.MAX_VALUE);
    }

    /// What is seen of a request without drafts, and of those that share the text's beginning and come after it in the
    /// same session: once for all sources.
    private record Plain(List<String> seen, List<GenerationRequest> next, List<List<String>> seenNext) {

        static Plain of(GenerationRequest request, int cancelAt, int[] truth) {
            Session plain = engine.newSession();
            var seen = SpeculationTest.seen(plain, request, cancelAt);
            var next = new ArrayList<GenerationRequest>();
            var seenNext = new ArrayList<List<String>>();
            for (int cut : new int[] {1, 3, TinyEngine.WINDOW - 1, TinyEngine.WINDOW + 1}) {
                int kept = Math.max(1, (int) plain.length() - cut);
                int more = Math.min(7, CONTEXT - kept);
                next.add(request(joined(Arrays.copyOf(truth, kept), text(more, cut)), request.sampling(), 6));
                seenNext.add(SpeculationTest.seen(plain, next.getLast(), Integer.MAX_VALUE));
            }
            return new Plain(seen, next, seenNext);
        }
    }

    private static String key(GenerationRequest request, int cancelAt) {
        return Arrays.toString(request.prompt()) + " " + request.sampling() + " " + request.maxTokens() + " "
                + request.stopIds() + " " + request.stopStrings() + " " + request.logprobs() + " "
                + request.reasoningEnd() + " " + cancelAt;
    }

    /// Generates with and without drafts, then goes on with another prompt that shares the text's beginning.
    private static void same(Source source, GenerationRequest request, int cancelAt) {
        int[] truth = truth(request);
        var plain = PLAIN.computeIfAbsent(key(request, cancelAt), _ -> Plain.of(request, cancelAt, truth));
        Session drafting = session(source, truth);
        assertThat(seen(drafting, request, cancelAt)).isEqualTo(plain.seen());
        if (source == Source.WRONG) {
            assertThat(drafting.lookahead().accepted()).isZero();
        }
        for (int i = 0; i < plain.next().size(); i++) {
            assertThat(seen(drafting, plain.next().get(i), Integer.MAX_VALUE))
                    .isEqualTo(plain.seenNext().get(i));
        }
    }

    /// Text that repeats itself, so that there is something to look up.
    private static int[] prompt() {
        int[] part = text(20, 1);
        return joined(joined(part, text(9, 2)), part);
    }

    @ParameterizedTest
    @EnumSource
    void greedy(Source source) {
        same(source, request(prompt(), SamplingOptions.greedy(), 70));
    }

    @ParameterizedTest
    @EnumSource
    void sampled(Source source) {
        same(source, request(prompt(), SamplingOptions.defaults(3), 40));
        same(source, request(prompt(), new SamplingOptions(0.7, 40, 0.9, 0.01, 1, 0, 0, Map.of(), 4), 40));
    }

    @ParameterizedTest
    @EnumSource
    void penaltiesAndBias(Source source) {
        same(source, request(prompt(), new SamplingOptions(0, 0, 1, 0, 1.3, 0.4, 0.3, Map.of(9, 2f), 0), 40));
        same(source, request(prompt(), new SamplingOptions(1, 0, 0.8, 0, 1.1, 0.2, 0, Map.of(9, -2f), 5), 40));
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfTheTurnAmongDrafts(Source source) {
        int eos = engine.config().eosId();
        int ended = 0;
        for (int seed = 0; seed < 6; seed++) {
            var likely = new SamplingOptions(1, 0, 1, 0, 1, 0, 0, Map.of(eos, 5f), seed);
            var request = request(prompt(), likely, 40);
            same(source, request);
            var result = engine.newSession().generate(request, GenerationListener.NONE);
            ended += result.reason() == FinishReason.END_OF_TURN && result.ids().length > 2 ? 1 : 0;
        }
        assertThat(ended).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void stopsAmongDrafts(Source source) {
        var free = request(prompt(), SamplingOptions.defaults(6), 30);
        var result = engine.newSession().generate(free, GenerationListener.NONE);
        for (int at : new int[] {3, 4, 5, 6, 7, 12}) {
            String stop = result.text().substring(at, at + 3);
            same(source, request(prompt(), free.sampling(), 30, stop, "never said"));
            var byId = new GenerationRequest(
                    prompt(), free.sampling(), 30, List.of(result.ids()[at]), List.of(), false, -1, result.ids()[at]);
            same(source, byId);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyLimit(Source source) {
        for (int tokens = 0; tokens < 14; tokens++) {
            same(source, request(prompt(), SamplingOptions.greedy(), tokens));
        }
        // The context ends first.
        same(source, request(text(CONTEXT - 9, 7), SamplingOptions.greedy(), 40));
    }

    @ParameterizedTest
    @EnumSource
    void cancelledAtEveryToken(Source source) {
        for (int at = 0; at < 9; at++) {
            same(source, request(prompt(), SamplingOptions.defaults(8), 30), at);
        }
    }

    @Test
    void aListenerMayUseTheSessionBetweenTokens() {
        var request = request(prompt(), SamplingOptions.greedy(), 30);
        int[] truth = truth(request);
        for (var source : List.of(Source.RIGHT, Source.MTP)) {
            for (UnaryOperator<Session> use : List.<UnaryOperator<Session>>of(Session::fork, s -> {
                bytes(s);
                return s.fork();
            })) {
                var forks = new ArrayList<Session>();
                Session session = session(source, truth);
                session.generate(request, new GenerationListener() {
                    @Override
                    public void token(GeneratedToken token) {
                        if (forks.size() < 10) {
                            forks.add(use.apply(session));
                        }
                    }
                });
                for (var fork : forks) {
                    int length = (int) fork.length();
                    Session plain = engine.newSession();
                    plain.generate(
                            request(prompt(), request.sampling(), 1 + length - prompt().length),
                            GenerationListener.NONE);
                    assertThat(bytes(fork)).isEqualTo(bytes(plain));
                }
            }
        }
    }

    @Test
    void aListenerThatFailsAmongDraftsLeavesAGoodSession() {
        var request = request(prompt(), SamplingOptions.greedy(), 30);
        Session session = session(Source.RIGHT, truth(request));
        assertThatThrownBy(() -> session.generate(request, new GenerationListener() {
                    private int tokens;

                    @Override
                    public void token(GeneratedToken token) {
                        if (++tokens == 4) {
                            throw new IllegalStateException("reader gone");
                        }
                    }
                }))
                .hasMessage("reader gone");
        Session plain = engine.newSession();
        plain.generate(request(prompt(), request.sampling(), 4), GenerationListener.NONE);
        assertThat(bytes(session)).isEqualTo(bytes(plain));
    }

    @Test
    void rightDraftsSaveSteps() {
        var request = request(prompt(), SamplingOptions.greedy(), 61);
        var result = session(Source.RIGHT, truth(request)).generate(request, GenerationListener.NONE);
        // Ten steps of one token and five drafts each.
        assertThat(result.accepted()).isEqualTo(50);
        assertThat(result.drafted()).isEqualTo(50);
        var wrong = session(Source.WRONG, truth(request)).generate(request, GenerationListener.NONE);
        assertThat(wrong.accepted()).isZero();
        assertThat(wrong.drafted()).isGreaterThan(250);
        assertThat(engine.newSession()
                        .generate(request, GenerationListener.NONE)
                        .drafted())
                .isZero();
    }

    @Test
    void aDrafterThatFailsLeavesTheTextAsItWas() {
        var request = request(prompt(), SamplingOptions.greedy(), 5);
        var drafter = new Drafter() {
            @Override
            public Offer offer(Tokens text) {
                return new Offer(DraftKind.MTP, 4);
            }

            @Override
            public int[] draft(Tokens text, int length) {
                throw new IllegalStateException("no memory for drafts");
            }
        };
        Session session = session(new Lookahead(List.of(drafter), Drafters.always(4), 4));
        assertThatThrownBy(() -> session.generate(request, GenerationListener.NONE))
                .hasMessage("no memory for drafts");
        assertThat(session.ids()).containsExactly(prompt());
        assertThat(session.step(new int[] {7}, Logits.LAST)[0]).containsExactly(TinyEngine.fresh(engine, prompt(), 7));
    }

    /// As users have it: measured, on all sources.
    @ParameterizedTest
    @EnumSource(Speculation.class)
    void anEngineThatMeasuresSaysTheSame(Speculation speculation) {
        var options = engine.options().withSpeculation(speculation).withDraftMax(16);
        var request = request(prompt(), SamplingOptions.greedy(), 170);
        var expected = seen(engine.newSession(), request, Integer.MAX_VALUE);
        try (var measuring = Engine.open(folder, options)) {
            for (int i = 0; i < 3; i++) {
                assertThat(seen(measuring.newSession(), request, Integer.MAX_VALUE))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void impossibleOptionsAreSaid() {
        for (int most : new int[] {-1, 17}) {
            var options = EngineOptions.defaults().withDraftMax(most);
            assertThatThrownBy(() -> Engine.open(Goldens.resource("flash-tiny"), options))
                    .isInstanceOf(HadalException.class)
                    .hasMessageContaining("(--draft-max) are " + most + "; they must be 0 to 16");
        }
    }
}
