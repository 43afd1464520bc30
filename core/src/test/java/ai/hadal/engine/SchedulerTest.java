package ai.hadal.engine;

import static ai.hadal.engine.TinyEngine.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.engine.RefusedException.Kind;
import ai.hadal.engine.ScheduledRequest.Choice;
import ai.hadal.error.HadalException;
import ai.hadal.grammar.TokenConstraint;
import ai.hadal.grammar.TokenSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What shares a step changes no token of anyone's, and nobody waits for ever.
class SchedulerTest {

    private static final long PLENTY = 1L << 32;

    private static Engine engine;

    private Scheduler scheduler = start(SchedulerOptions.defaults(PLENTY));

    @BeforeAll
    static void open() {
        engine = TinyEngine.open();
    }

    @AfterAll
    static void closeEngine() {
        engine.close();
    }

    @AfterEach
    void close() {
        scheduler.close();
    }

    private static Scheduler start(SchedulerOptions options) {
        return Scheduler.start(engine, null, options, SchedulerObserver.NONE);
    }

    private void restart(SchedulerOptions options) {
        scheduler.close();
        scheduler = start(options);
    }

    private static GenerationRequest sampled(int[] prompt, int tokens, long seed) {
        var options = new SamplingOptions(0.8, 0, 0.95, 0, 1.1, 0, 0, Map.of(1, Float.NEGATIVE_INFINITY), seed);
        return GenerationRequest.of(prompt, options, tokens);
    }

    private static int[] alone(GenerationRequest request) {
        return engine.newSession().generate(request, GenerationListener.NONE).ids();
    }

    @Test
    void everyAnswerIsTheOneItWouldBeAlone() {
        var random = new Random(5);
        var requests = new ArrayList<GenerationRequest>();
        var tickets = new ArrayList<Ticket>();
        for (int i = 0; i < 24; i++) {
            var request = sampled(text(1 + random.nextInt(90), i % 7), random.nextInt(30), i);
            requests.add(request);
            tickets.add(scheduler.submit(new ScheduledRequest(
                    List.of(new Choice(request, GenerationListener.NONE)),
                    new int[] {5, 17, 60},
                    "tenant " + i % 3,
                    i % 2)));
        }
        for (int i = 0; i < tickets.size(); i++) {
            var served = tickets.get(i).results().join().getFirst();
            assertThat(served.ids()).as("request %d", i).isEqualTo(alone(requests.get(i)));
            assertThat(served.reason()).isEqualTo(FinishReason.LENGTH);
        }
        assertThat(scheduler.load()).isEqualTo(new Scheduler.Load(0, 0, 0));
    }

    @Test
    void choicesOfOnePromptReadItOnce() {
        int[] prompt = text(70, 3);
        var read = new AtomicInteger();
        var listener = new GenerationListener() {
            @Override
            public void prefill(long done, long total) {
                read.incrementAndGet();
            }
        };
        var choices = new ArrayList<Choice>();
        for (int seed = 0; seed < 4; seed++) {
            choices.add(new Choice(sampled(prompt, 10 + seed, seed), seed == 0 ? listener : GenerationListener.NONE));
        }
        var results = scheduler
                .submit(new ScheduledRequest(choices, new int[0], "", 0))
                .results()
                .join();
        assertThat(results).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(results.get(i).ids()).isEqualTo(alone(choices.get(i).request()));
        }
        // At its start and after three steps of 24 tokens.
        assertThat(read.get()).isEqualTo(4);
    }

    @Test
    void aSlowReaderHoldsUpNobodyElse() {
        var open = new AtomicBoolean();
        var tokens = new AtomicInteger();
        var slow = new GenerationListener() {
            @Override
            public boolean ready() {
                return open.get();
            }

            @Override
            public void token(GeneratedToken token) {
                tokens.incrementAndGet();
            }
        };
        var request = sampled(text(20, 1), 12, 4);
        var waits = scheduler.submit(ScheduledRequest.of(request, slow));
        var other = sampled(text(30, 2), 20, 9);
        var served = scheduler
                .submit(ScheduledRequest.of(other, GenerationListener.NONE))
                .results()
                .join();
        assertThat(served.getFirst().ids()).isEqualTo(alone(other));
        assertThat(waits.results()).isNotDone();
        assertThat(tokens.get()).isLessThanOrEqualTo(1 + engine.options().draftMax());
        open.set(true);
        waits.wake();
        assertThat(waits.results().join().getFirst().ids()).isEqualTo(alone(request));
    }

    @Test
    void cancelledRequestsEndAndKeepWhatTheySaid() throws InterruptedException {
        var begun = new CountDownLatch(3);
        var said = new ArrayList<Integer>();
        var listener = new GenerationListener() {
            @Override
            public void token(GeneratedToken token) {
                said.add(token.id());
                begun.countDown();
            }
        };
        var ticket = scheduler.submit(ScheduledRequest.of(sampled(text(10, 1), 3000, 4), listener));
        begun.await();
        ticket.cancel();
        var result = ticket.results().join().getFirst();
        assertThat(result.reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(result.ids()).containsExactly(said.stream().mapToInt(i -> i).toArray());
        assertThat(scheduler.load()).isEqualTo(new Scheduler.Load(0, 0, 0));
    }

    @Test
    void aListenerThatFailsFailsItsRequestOnly() {
        var broken = scheduler.submit(ScheduledRequest.of(sampled(text(10, 1), 50, 4), new GenerationListener() {
            @Override
            public void token(GeneratedToken token) {
                throw new IllegalStateException("broken");
            }
        }));
        var request = sampled(text(10, 2), 20, 5);
        var fine = scheduler.submit(ScheduledRequest.of(request, GenerationListener.NONE));
        assertBroken(broken);
        assertThat(fine.results().join().getFirst().ids()).isEqualTo(alone(request));
    }

    @Test
    void aListenerThatFailsAtTheEndFailsItsRequestOnly() {
        var broken = scheduler.submit(ScheduledRequest.of(sampled(text(10, 1), 5, 4), new GenerationListener() {
            @Override
            public void ended(GenerationResult result) {
                throw new IllegalStateException("broken");
            }
        }));
        assertBroken(broken);
        var request = sampled(text(10, 2), 20, 5);
        var fine = scheduler.submit(ScheduledRequest.of(request, GenerationListener.NONE));
        assertThat(fine.results().join().getFirst().ids()).isEqualTo(alone(request));
        assertThat(scheduler.load()).isEqualTo(new Scheduler.Load(0, 0, 0));
    }

    @Test
    void aListenerThatFailsWhileItsRequestWaitsFailsThatOnly() {
        restart(SchedulerOptions.defaults(PLENTY).withMaxSequences(1));
        var open = new AtomicBoolean();
        var first = scheduler.submit(request("a", new GenerationListener() {
            @Override
            public boolean ready() {
                return open.get();
            }
        }));
        while (scheduler.load().running() == 0) {
            Thread.onSpinWait();
        }
        assertBroken(scheduler.submit(request("b", new GenerationListener() {
            @Override
            public boolean cancelled() {
                throw new IllegalStateException("broken");
            }
        })));
        var last = scheduler.submit(request("c", new GenerationListener() {
            @Override
            public void ended(GenerationResult result) {
                throw new IllegalStateException("broken");
            }
        }));
        last.cancel();
        assertBroken(last);
        open.set(true);
        first.wake();
        assertThat(first.results().join().getFirst().ids()).hasSize(5);
    }

    private static void assertBroken(Ticket ticket) {
        assertThatThrownBy(() -> ticket.results().join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("broken");
    }

    @Test
    void observersHearOfEveryToken() {
        var tokens = new AtomicInteger();
        var read = new AtomicInteger();
        scheduler.close();
        scheduler = Scheduler.start(engine, null, SchedulerOptions.defaults(PLENTY), step -> {
            tokens.addAndGet(step.tokens());
            read.addAndGet(step.prefillTokens());
        });
        int expected = 0;
        var tickets = new ArrayList<Ticket>();
        // One after the other, with drafts, and several together.
        for (int i = 0; i < 4; i++) {
            var request = GenerationRequest.of(text(30, 7), SamplingOptions.greedy(), 50 + i);
            var ticket = scheduler.submit(ScheduledRequest.of(request, GenerationListener.NONE));
            if (i == 0) {
                ticket.results().join();
            }
            tickets.add(ticket);
        }
        for (var ticket : tickets) {
            expected += ticket.results().join().getFirst().ids().length;
        }
        scheduler.close();
        assertThat(tokens.get()).isEqualTo(expected);
        assertThat(read.get()).isEqualTo(4 * 30);
    }

    /// Tokens of texts that grow together are chosen together; what cannot be chosen is one text's matter.
    @Test
    void aTextThatCannotGoOnFailsAlone() {
        var tokens = new AtomicInteger();
        var deadEnd = new TokenConstraint() {
            @Override
            public TokenSet allowed() {
                return tokens.get() < 7 ? TokenSet.of(5, 6) : TokenSet.of();
            }

            @Override
            public void accept(int id) {
                tokens.incrementAndGet();
            }
        };
        var plain = sampled(text(10, 1), 50, 4);
        var stuck = new GenerationRequest(
                plain.prompt(), plain.sampling(), 50, List.of(), List.of(), false, 2, -1, () -> deadEnd);
        var broken = scheduler.submit(ScheduledRequest.of(stuck, GenerationListener.NONE));
        var requests = List.of(sampled(text(10, 2), 60, 5), sampled(text(12, 3), 60, 6));
        var fine = requests.stream()
                .map(request -> scheduler.submit(ScheduledRequest.of(request, GenerationListener.NONE)))
                .toList();
        assertThatThrownBy(() -> broken.results().join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(HadalException.class)
                .hasMessageContaining("no token is possible");
        for (int i = 0; i < fine.size(); i++) {
            assertThat(fine.get(i).results().join().getFirst().ids()).isEqualTo(alone(requests.get(i)));
        }
    }

    @Test
    void aWrongRequestIsRefusedBeforeItCanHarmOthers() {
        assertThatThrownBy(() -> scheduler.submit(
                        ScheduledRequest.of(sampled(new int[] {3, 600, 4}, 5, 1), GenerationListener.NONE)))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("token id 600");
    }

    @Test
    void whatCannotFitIsRefusedAtOnce() {
        long bytes = MemoryPlan.requestBytes(engine.config(), engine.model().numerics(), 100, 100, 1);
        restart(SchedulerOptions.defaults(bytes));
        assertRefused(Kind.TOO_LARGE, sampled(text(100, 1), 400, 1), "");
        var fits = scheduler.submit(ScheduledRequest.of(sampled(text(100, 1), 100, 1), GenerationListener.NONE));
        assertThat(fits.results().join().getFirst().ids()).hasSize(100);
        assertThatThrownBy(() ->
                        scheduler.submit(ScheduledRequest.of(sampled(text(5000, 1), 1, 1), GenerationListener.NONE)))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("5000 tokens");
    }

    @Test
    void memoryIsNeverPromisedTwice() {
        long one = MemoryPlan.requestBytes(engine.config(), engine.model().numerics(), 30, 30, 1);
        restart(SchedulerOptions.defaults(2 * one));
        var together = new AtomicInteger();
        var most = new AtomicInteger();
        var tickets = new ArrayList<Ticket>();
        for (int i = 0; i < 9; i++) {
            tickets.add(scheduler.submit(ScheduledRequest.of(sampled(text(30, i), 30, i), new GenerationListener() {
                private int left = 30;

                @Override
                public void token(GeneratedToken token) {
                    if (left == 30) {
                        most.accumulateAndGet(together.incrementAndGet(), Math::max);
                    }
                    if (--left == 0) {
                        together.decrementAndGet();
                    }
                }
            })));
        }
        tickets.forEach(ticket -> ticket.results().join());
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void queuesHaveEnds() {
        restart(SchedulerOptions.defaults(PLENTY)
                .withMaxSequences(1)
                .withMaxWaiting(3)
                .withTenantLimits(1, 2));
        var open = new AtomicBoolean();
        var held = new GenerationListener() {
            @Override
            public boolean ready() {
                return open.get();
            }
        };
        var tickets = new ArrayList<Ticket>();
        tickets.add(scheduler.submit(request("a", held)));
        while (scheduler.load().running() == 0) {
            Thread.onSpinWait();
        }
        tickets.add(scheduler.submit(request("a", GenerationListener.NONE)));
        tickets.add(scheduler.submit(request("a", GenerationListener.NONE)));
        assertRefused(Kind.TENANT_LIMIT, sampled(text(5, 1), 3, 1), "a");
        tickets.add(scheduler.submit(request("b", GenerationListener.NONE)));
        assertRefused(Kind.QUEUE_FULL, sampled(text(5, 1), 3, 1), "c");
        open.set(true);
        tickets.getFirst().wake();
        for (var ticket : tickets) {
            assertThat(ticket.results().join().getFirst().ids()).hasSize(5);
        }
    }

    private static ScheduledRequest request(String tenant, GenerationListener listener) {
        return new ScheduledRequest(List.of(new Choice(sampled(text(5, 1), 5, 1), listener)), new int[0], tenant, 0);
    }

    private void assertRefused(Kind kind, GenerationRequest request, String tenant) {
        assertThatThrownBy(() -> scheduler.submit(new ScheduledRequest(
                        List.of(new Choice(request, GenerationListener.NONE)), new int[0], tenant, 0)))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void tenantsShareEquallyAndPriorityGoesFirst() {
        restart(SchedulerOptions.defaults(PLENTY).withMaxSequences(1));
        var open = new AtomicBoolean();
        var first = scheduler.submit(request("x", new GenerationListener() {
            @Override
            public boolean ready() {
                return open.get();
            }
        }));
        while (scheduler.load().running() == 0) {
            Thread.onSpinWait();
        }
        var order = new ArrayList<String>();
        var tickets = new ArrayList<Ticket>();
        for (String name : List.of("a1", "a2", "a3", "b1", "b2", "c1!")) {
            tickets.add(scheduler.submit(new ScheduledRequest(
                    List.of(new Choice(sampled(text(20, 1), 5, 1), new GenerationListener() {
                        @Override
                        public void rest(String rest) {
                            order.add(name);
                        }
                    })),
                    new int[0],
                    name.substring(0, 1),
                    name.endsWith("!") ? -1 : 0)));
        }
        open.set(true);
        first.wake();
        tickets.forEach(ticket -> ticket.results().join());
        assertThat(order).containsExactly("c1!", "a1", "b1", "a2", "b2", "a3");
    }

    @Test
    void drainingEndsWhatRunsAndRefusesMore() throws InterruptedException {
        var request = sampled(text(30, 1), 60, 2);
        var ticket = scheduler.submit(ScheduledRequest.of(request, GenerationListener.NONE));
        assertThat(scheduler.drain(Duration.ofMinutes(1))).isTrue();
        assertThat(ticket.results().join().getFirst().ids()).isEqualTo(alone(request));
        assertRefused(Kind.SHUTTING_DOWN, request, "");
    }

    @Test
    void closingEndsAllThatRunsAndWaits() {
        restart(SchedulerOptions.defaults(PLENTY).withMaxSequences(2));
        var tickets = new ArrayList<Ticket>();
        for (int i = 0; i < 6; i++) {
            tickets.add(scheduler.submit(ScheduledRequest.of(sampled(text(30, i), 4000, i), GenerationListener.NONE)));
        }
        scheduler.close();
        for (var ticket : tickets) {
            assertThat(ticket.results().join().stream().map(GenerationResult::reason))
                    .containsExactly(FinishReason.CANCELLED);
        }
    }
}
