package ai.hadal.engine;

import java.util.ArrayList;
import java.util.List;

/// Log probabilities of one generated token under the model, before sampling options.
///
/// @param chosen natural logarithm of the chosen token's probability
/// @param top the most likely tokens, most likely first, as many as were asked for
public record TokenLogprobs(double chosen, List<Entry> top) {

    /// A token and its log probability.
    public record Entry(int id, double logprob) {}

    /// Those of a token under these logits.
    ///
    /// @param top how many of the most likely tokens to tell, ties by id
    static TokenLogprobs of(float[] logits, int chosen, int top) {
        int[] best = mostLikely(logits, Math.clamp(top, 1, logits.length));
        float max = logits[best[0]];
        double norm = max + StrictMath.log(new Likelihoods(logits, max, 1).sum());
        List<Entry> entries = new ArrayList<>(top);
        for (int i = 0; i < Math.min(top, best.length); i++) {
            entries.add(new Entry(best[i], logits[best[i]] - norm));
        }
        return new TokenLogprobs(logits[chosen] - norm, List.copyOf(entries));
    }

    /// Ids of the n highest logits.
    private static int[] mostLikely(float[] logits, int n) {
        int[] best = new int[n];
        int count = 0;
        for (int id = 0; id < logits.length; id++) {
            if (count == n && !(logits[id] > logits[best[n - 1]])) {
                continue;
            }
            int at = count < n ? count++ : n - 1;
            for (; at > 0 && logits[id] > logits[best[at - 1]]; at--) {
                best[at] = best[at - 1];
            }
            best[at] = id;
        }
        return best;
    }
}
