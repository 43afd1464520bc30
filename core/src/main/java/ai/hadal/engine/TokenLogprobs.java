package ai.hadal.engine;

import java.util.List;

/// Log probabilities of one generated token under the model, before sampling options.
///
/// @param chosen natural logarithm of the chosen token's probability
/// @param top the most likely tokens, most likely first, as many as were asked for
public record TokenLogprobs(double chosen, List<Entry> top) {

    /// A token and its log probability.
    public record Entry(int id, double logprob) {}
}
