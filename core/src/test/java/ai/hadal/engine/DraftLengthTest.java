package ai.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.DraftPolicy.Time;
import ai.hadal.engine.Drafter.Offer;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The choice of draft lengths on simulated machines, whose clock is a number: times here are those of the simulation.
class DraftLengthTest {

    private static final long STEP = 1_000_000;
    private static final int MOST = 8;

    private final DraftLength policy = new DraftLength();
    private final Random random = new Random(1);

    /// Time that passed, in steps of one token, and how it went.
    private double clock;

    private int drafted;
    private int longest;

    /// Lets a text grow and returns the tokens a step of one token's time gave.
    ///
    /// @param acceptance how often a draft is right
    /// @param rows what a step of so many rows costs
    /// @param draft what a draft costs
    private double grow(DraftKind kind, int tokens, double acceptance, IntToDoubleFunction rows, double draft) {
        double start = clock;
        for (int n = 0; n < tokens; ) {
            var choice = policy.choose(List.of(new Offer(kind, Integer.MAX_VALUE)), MOST);
            if (choice == null) {
                clock += noisy(1);
                policy.plain((long) (STEP * noisy(1)));
                n++;
                if (kind.free) {
                    policy.seen(kind, 0, random.nextDouble() < acceptance);
                }
                continue;
            }
            int length = choice.length();
            int right = 0;
            boolean hit = true;
            while (hit && right < length) {
                hit = random.nextDouble() < acceptance;
                policy.seen(kind, right, hit);
                right += hit ? 1 : 0;
            }
            double step = noisy(rows.applyAsDouble(1 + length));
            clock += step + draft * length;
            policy.drafted(kind, length, right + 1, new Time(0, (long) (STEP * draft * length), (long) (STEP * step)));
            n += right + 1;
            drafted += length;
            longest = Math.max(longest, length);
        }
        return tokens / (clock - start);
    }

    private double noisy(double time) {
        return time * (0.95 + 0.1 * random.nextDouble());
    }

    private static double fixed(int length, double acceptance, IntToDoubleFunction rows, double draft) {
        double tokens = 1;
        for (int i = 1; i <= length; i++) {
            tokens += Math.pow(acceptance, i);
        }
        return tokens / (rows.applyAsDouble(1 + length) + draft * length);
    }

    private static double best(double acceptance, IntToDoubleFunction rows, double draft) {
        double best = 1;
        for (int length = 1; length <= MOST; length++) {
            best = Math.max(best, fixed(length, acceptance, rows, draft));
        }
        return best;
    }

    /// Machines from one where rows are free to one where each costs more than a step.
    @ParameterizedTest
    @EnumSource
    void itIsNeverSlowerThanPlainSteps(DraftKind kind) {
        for (double acceptance : new double[] {0, 0.1, 0.3, 0.5, 0.7, 0.9, 1}) {
            for (double row : new double[] {0, 0.1, 0.3, 0.5, 0.8, 1, 1.5, 4}) {
                for (double draft : new double[] {0, 0.05, 0.3}) {
                    var test = new DraftLengthTest();
                    double rate = test.grow(kind, 2000, acceptance, r -> 1 + row * (r - 1), kind.free ? 0 : draft);
                    assertThat(rate)
                            .as("%s, acceptance %s, row %s, draft %s", kind, acceptance, row, draft)
                            .isGreaterThan(0.98);
                }
            }
        }
    }

    /// Not only in the end: at no moment has it lost more than a few steps and one in a hundred.
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2, 0.5})
    void whatItMayLoseIsBounded(double acceptance) {
        for (double row : new double[] {0.6, 1, 3, 20}) {
            var test = new DraftLengthTest();
            double gained = 0;
            for (int tokens = 10; tokens <= 3000; tokens += 10) {
                double before = test.clock;
                test.grow(DraftKind.MTP, 10, acceptance, r -> 1 + row * (r - 1), 0.1);
                gained += 10 - (test.clock - before);
                // A step that runs away is stopped after it happened.
                double one = 8 * Math.max(1, row);
                assertThat(gained).as("row %s after %s tokens", row, tokens).isGreaterThan(-3 - one - 0.025 * tokens);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void itIsNearlyAsFastAsTheBestFixedLength(DraftKind kind) {
        for (double acceptance : new double[] {0.6, 0.8, 0.95}) {
            for (double row : new double[] {0.02, 0.1, 0.3}) {
                IntToDoubleFunction rows = r -> 1 + row * (r - 1);
                var test = new DraftLengthTest();
                test.grow(kind, 500, acceptance, rows, 0);
                double rate = test.grow(kind, 3000, acceptance, rows, 0);
                assertThat(rate)
                        .as("%s, acceptance %s, row %s", kind, acceptance, row)
                        .isGreaterThan(0.88 * best(acceptance, rows, 0));
            }
        }
    }

    /// Where two rows cost two steps and five no more than that, one draft alone says nothing good.
    @Test
    void aLengthThatPaysIsFoundBehindOneThatDoesNot() {
        IntToDoubleFunction rows = r -> r == 1 ? 1 : 2 + 0.01 * r;
        grow(DraftKind.LONG_MATCH, 3000, 0.95, rows, 0);
        assertThat(grow(DraftKind.LONG_MATCH, 2000, 0.95, rows, 0)).isGreaterThan(2);
    }

    @Test
    void beforePlainStepsAreKnownThereAreNoDrafts() {
        var offers = List.of(new Offer(DraftKind.LONG_MATCH, 8));
        for (int i = 0; i < 8; i++) {
            assertThat(policy.choose(offers, MOST)).isNull();
            policy.plain(STEP);
        }
        assertThat(policy.choose(offers, MOST)).isNotNull();
    }

    @Test
    void neitherRoomNorOfferIsExceeded() {
        IntToDoubleFunction free = r -> 1;
        grow(DraftKind.MTP, 200, 1, free, 0);
        assertThat(policy.choose(List.of(), MOST)).isNull();
        assertThat(policy.choose(List.of(new Offer(DraftKind.MTP, 8)), 0)).isNull();
        for (int i = 0; i < 2; i++) {
            var choice = policy.choose(List.of(new Offer(DraftKind.MTP, 3)), MOST);
            policy.plain(STEP);
            assertThat(choice).isEqualTo(new DraftPolicy.Choice(0, 3));
        }
        assertThat(policy.choose(List.of(new Offer(DraftKind.MTP, 8)), 2)).isEqualTo(new DraftPolicy.Choice(0, 2));
    }

    @Test
    void theBetterOfTwoKindsIsTaken() {
        IntToDoubleFunction cheap = r -> 1 + 0.1 * (r - 1);
        grow(DraftKind.MTP, 400, 0.5, cheap, 0.1);
        grow(DraftKind.LONG_MATCH, 400, 0.95, cheap, 0);
        var mtp = new Offer(DraftKind.MTP, 8);
        var match = new Offer(DraftKind.LONG_MATCH, 8);
        policy.plain(STEP);
        var choice = policy.choose(List.of(mtp, match), MOST);
        assertThat(choice).isNotNull();
        assertThat(choice.offer()).isEqualTo(1);
        assertThat(policy.choose(List.of(match, mtp), MOST))
                .isNotNull()
                .extracting(DraftPolicy.Choice::offer)
                .isEqualTo(0);
    }

    @ParameterizedTest
    @EnumSource
    void itFollowsTheText(DraftKind kind) {
        IntToDoubleFunction rows = r -> 1 + 0.3 * (r - 1);
        grow(kind, 500, 0.9, rows, 0);
        assertThat(longest).isGreaterThan(2);
        grow(kind, 300, 0, rows, 0);
        int before = drafted;
        grow(kind, 500, 0, rows, 0);
        // Trials only.
        assertThat(drafted - before).isLessThan(30);
        grow(kind, 1500, 0.9, rows, 0);
        assertThat(grow(kind, 500, 0.9, rows, 0)).isGreaterThan(1.4);
    }

    /// As when the code for several rows is yet to be compiled.
    @ParameterizedTest
    @EnumSource
    void stepsThatBeginSlowlyDoNotEndIt(DraftKind kind) {
        int[] steps = new int[1];
        IntToDoubleFunction rows = r -> (steps[0]++ < 6 ? 40 : 1) * (1 + 0.1 * (r - 1));
        grow(kind, 4000, 0.9, rows, 0);
        assertThat(grow(kind, 1000, 0.9, rows, 0)).isGreaterThan(2);
    }

    /// A machine that pauses now and then.
    @Test
    void pausesDoNotMislead() {
        IntToDoubleFunction rows = r -> (random.nextInt(25) == 0 ? 40 : 1) * (1 + 0.2 * (r - 1));
        grow(DraftKind.MTP, 1000, 0.9, rows, 0);
        int before = drafted;
        grow(DraftKind.MTP, 1000, 0.9, rows, 0);
        assertThat(drafted - before).isGreaterThan(700);
    }
}
