package ai.hadal.engine;

import ai.hadal.engine.Drafter.Offer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Drafts as many tokens as give the most tokens a second by what was measured: what steps of several rows cost, what
/// drafting costs, and how often drafts of each kind were right. None if plain steps are as fast.
///
/// Measurements can mislead, so there is a budget besides, counted in steps of one token. Drafts that gain less than
/// they cost use it up, and decoding refills it by a hundredth: at its end there are plain steps only. Whatever the
/// figures say, speculation costs at most the budget's start and one token in a hundred.
///
/// What is not used is not measured either. So now and then, while the budget allows, drafts are tried that are not
/// expected to pay, or more of them than seems best, and a plain step is taken among many with drafts.
final class DraftLength implements DraftPolicy {

    /// The least gain worth drafting for; less is within the measurements' noise.
    private static final double GAIN = 1.04;

    /// Budget at the start, in steps.
    private static final double START = 3;

    /// Most budget that gains may add up to: as much may be lost before drafting ends where it no longer pays.
    private static final double FULL = 8;

    /// What each decoded step adds.
    private static final double REFILL = 0.01;

    /// Plain steps from one trial to the next, at least.
    private static final int TRIAL = 32;

    /// Budget that trials leave to the drafts that are expected to pay.
    private static final double RESERVE = 2;

    /// Steps with drafts from one that tries a greater length to the next.
    private static final int LONGER = 16;

    /// Steps with drafts from one plain step to the next.
    private static final int PLAIN = 64;

    /// What a further row costs at the very least: where not even that would pay, no trial can.
    private static final double LEAST_ROW = 0.05;

    /// What a draft of the MTP block is taken to cost before any was measured.
    private static final double EXPECTED_DRAFT = 0.1;

    private final StepCosts costs = new StepCosts();
    private final Map<DraftKind, Known> kinds = new EnumMap<>(DraftKind.class);
    private double budget = START;
    private int plainSteps;
    private int draftedSteps;
    private int sinceLonger;
    private int trials;

    /// Whether the drafts in flight are a trial.
    private boolean trying;

    DraftLength() {
        for (var kind : DraftKind.values()) {
            kinds.put(kind, new Known(new Acceptance(kind), new Recent()));
        }
    }

    /// What is known of a kind.
    ///
    /// @param draftCost of one draft, in steps
    private record Known(Acceptance acceptance, Recent draftCost) {}

    private Known known(DraftKind kind) {
        return Objects.requireNonNull(kinds.get(kind));
    }

    @Override
    public synchronized @Nullable Choice choose(List<Offer> offers, int most) {
        if (most < 1 || budget <= 0 || !costs.settled() || draftedSteps >= PLAIN) {
            return null;
        }
        Choice best = null;
        double rate = GAIN;
        for (int o = 0; o < offers.size(); o++) {
            var kind = offers.get(o).kind();
            int longest = Math.min(most, offers.get(o).length());
            double[] tokens = tokens(kind, longest);
            for (int n = 1; n <= longest; n++) {
                double r = tokens[n] / cost(kind, n);
                if (r > rate) {
                    rate = r;
                    best = new Choice(o, n);
                }
            }
        }
        if (best == null) {
            return plainSteps >= TRIAL ? trial(offers, most) : null;
        }
        return sinceLonger >= LONGER ? longer(best, offers.get(best.offer()), most) : best;
    }

    /// Twice the length, if the budget covers it: what greater lengths cost may have been measured at a bad time.
    private Choice longer(Choice best, Offer offer, int most) {
        sinceLonger = 0;
        int n = Math.min(2 * best.length(), Math.min(most, offer.length()));
        return isAffordable(offer.kind(), n) ? new Choice(best.offer(), n) : best;
    }

    /// The next trial that could change the mind and that the budget covers: offers and lengths take turns, and a
    /// shorter one stands in for one that costs too much.
    private @Nullable Choice trial(List<Offer> offers, int most) {
        for (int i = 0; i < offers.size(); i++) {
            int o = (trials + i) % offers.size();
            var kind = offers.get(o).kind();
            int n = Math.min(1 << trials % 4, Math.min(most, offers.get(o).length()));
            while (n > 0 && !isWorthTrying(kind, n)) {
                n /= 2;
            }
            if (n > 0) {
                if (!kind.free) {
                    known(kind).acceptance().fade();
                }
                trials++;
                trying = true;
                plainSteps = 0;
                return new Choice(o, n);
            }
        }
        return null;
    }

    private boolean isWorthTrying(DraftKind kind, int drafts) {
        double tokens = tokens(kind, drafts)[drafts];
        return isAffordable(kind, drafts) && (!kind.free || tokens > GAIN * (1 + drafts * LEAST_ROW));
    }

    private boolean isAffordable(DraftKind kind, int drafts) {
        return cost(kind, drafts) - tokens(kind, drafts)[drafts] < budget - RESERVE;
    }

    private double[] tokens(DraftKind kind, int most) {
        return known(kind).acceptance().tokens(most);
    }

    /// Steps that a step with so many drafts of a kind takes, drafting included.
    private double cost(DraftKind kind, int drafts) {
        var measured = known(kind).draftCost();
        double each = kind.free ? 0 : measured.count() == 0 ? EXPECTED_DRAFT : measured.median();
        return costs.of(1 + drafts) + drafts * each;
    }

    @Override
    public synchronized void plain(long nanos) {
        costs.plain(nanos);
        plainSteps++;
        draftedSteps = 0;
        refill(REFILL);
    }

    @Override
    public synchronized void drafted(DraftKind kind, int drafts, int tokens, Time time) {
        costs.measured(1 + drafts, time.step());
        known(kind).draftCost().add(Math.min(1, costs.relative(time.drafting()) / drafts));
        draftedSteps++;
        sinceLonger++;
        // A pause of the machine's is no fault of the drafts, but what was only tried has to pay for more of it.
        double most = trying ? 3.0 * (1 + drafts) : 3.0 + drafts;
        trying = false;
        double spent = Math.min(costs.relative(time.preparing() + time.drafting() + time.step()), most);
        refill(tokens - spent + REFILL * tokens);
    }

    private void refill(double steps) {
        budget = Math.min(FULL, budget + steps);
    }

    @Override
    public synchronized void seen(DraftKind kind, int index, boolean right) {
        known(kind).acceptance().seen(index, right);
    }
}
