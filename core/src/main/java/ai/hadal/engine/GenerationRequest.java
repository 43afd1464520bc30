package ai.hadal.engine;

import ai.hadal.error.HadalException;
import ai.hadal.grammar.TokenConstraint;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What to generate.
///
/// @param prompt all token ids of the prompt, from the beginning of the sequence; what the session already
///     holds is reused
/// @param sampling how tokens are chosen
/// @param maxTokens most tokens to generate; the context may end earlier
/// @param stopIds token ids that end generation, besides the model's end-of-turn token
/// @param stopStrings texts that end generation, except in reasoning; they are not part of the result's
///     text
/// @param ignoreEos go on after the end-of-turn token, for measurements
/// @param logprobs how many likely tokens to report for each position; 0 for the chosen one only, -1 for
///     none
/// @param reasoningEnd the token that ends reasoning when the prompt opened it, -1 when it did not
/// @param constraint gives what limits the tokens of one generation; null where any may come
public record GenerationRequest(
        int[] prompt,
        SamplingOptions sampling,
        int maxTokens,
        List<Integer> stopIds,
        List<String> stopStrings,
        boolean ignoreEos,
        int logprobs,
        int reasoningEnd,
        @Nullable Supplier<TokenConstraint> constraint) {

    /// A request without stops, logprobs or reasoning.
    public static GenerationRequest of(int[] prompt, SamplingOptions sampling, int maxTokens) {
        return new GenerationRequest(prompt, sampling, maxTokens, List.of(), List.of(), false, -1, -1);
    }

    /// A request whose tokens nothing limits.
    public GenerationRequest(
            int[] prompt,
            SamplingOptions sampling,
            int maxTokens,
            List<Integer> stopIds,
            List<String> stopStrings,
            boolean ignoreEos,
            int logprobs,
            int reasoningEnd) {
        this(prompt, sampling, maxTokens, stopIds, stopStrings, ignoreEos, logprobs, reasoningEnd, null);
    }

    /// Checks the values that do not depend on the model.
    public GenerationRequest {
        if (prompt.length == 0) {
            throw new HadalException("the prompt has no tokens; give it at least one");
        }
        if (maxTokens < 0) {
            throw new HadalException("the limit of new tokens is " + maxTokens + "; it must be 0 or more");
        }
        if (logprobs < -1) {
            throw new HadalException("the number of likely tokens to report is " + logprobs
                    + "; it must be 0 or more, or -1 for no log probabilities");
        }
        if (stopStrings.stream().anyMatch(String::isEmpty)) {
            throw new HadalException("a stop string is empty; leave it out");
        }
        stopIds = List.copyOf(stopIds);
        stopStrings = List.copyOf(stopStrings);
    }
}
