package ai.hadal.server.killed;

import ai.hadal.server.killed.Client.Lookups;
import java.util.Locale;

/// What a cache found of prompts, in percent.
final class Tally {

    private long answers;
    private long prompt;
    private long cached;
    private Lookups lookups = new Lookups(0, 0, 0);

    void add(Answered answered) {
        answers++;
        prompt += answered.prompt();
        cached += answered.cached();
    }

    void add(Lookups more) {
        lookups = lookups.plus(more);
    }

    /// Tokens that were not computed again.
    double tokens() {
        return 100.0 * cached / prompt;
    }

    /// Prompts that memory alone knew something of.
    double memory() {
        return 100.0 * lookups.memory() / lookups.all();
    }

    /// Prompts that the disk knew more of.
    double disk() {
        return 100.0 * lookups.disk() / lookups.all();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d answers, %.1f %% of %d prompt tokens cached, prompts found in memory %.1f %%, on disk %.1f %%",
                answers,
                tokens(),
                prompt,
                memory(),
                disk());
    }
}
