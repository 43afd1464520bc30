package ai.hadal.engine;

import ai.hadal.model.SequenceState;

/// What steps cost, in steps of one token: so that figures hold while the text, and with it every step, grows.
final class StepCosts {

    /// Steps of one token before their time counts as known.
    private static final int SETTLED = 8;

    /// What each further row is taken to cost before any was measured.
    private static final double EXPECTED_ROW = 0.4;

    private final Recent plain = new Recent();
    private final Recent[] rows = new Recent[SequenceState.MOST_DRAFTS + 2];

    StepCosts() {
        for (int r = 0; r < rows.length; r++) {
            rows[r] = new Recent();
        }
    }

    /// Takes the time of a step of one token.
    void plain(long nanos) {
        plain.add((double) Math.max(1, nanos));
    }

    /// Whether steps of one token were measured.
    boolean settled() {
        return plain.count() >= SETTLED;
    }

    /// A time in steps of one token; they must be [#settled].
    double relative(long nanos) {
        return nanos / plain.median();
    }

    /// Takes the time of a step of several rows. What is far more than as many steps was a pause, or code that was not
    /// compiled yet.
    void measured(int count, long nanos) {
        rows[count].add(Math.min(relative(nanos), 2.0 * count));
    }

    /// The cost of a step of so many rows: measured, or on the line through the nearest numbers that were; never less
    /// than that of one row.
    double of(int count) {
        int below = count;
        while (below > 1 && rows[below].count() == 0) {
            below--;
        }
        double low = measured(below);
        if (below == count) {
            return low;
        }
        for (int above = count + 1; above < rows.length; above++) {
            if (rows[above].count() > 0) {
                return low + (measured(above) - low) * (count - below) / (above - below);
            }
        }
        double row = below == 1 ? EXPECTED_ROW : (low - 1) / (below - 1);
        return low + row * (count - below);
    }

    private double measured(int count) {
        return count == 1 ? 1 : Math.max(1, rows[count].median());
    }
}
