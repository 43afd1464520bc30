package ai.hadal.engine;

import ai.hadal.error.HadalException;
import java.util.Map;

/// How the next token is chosen. Applied in this order: logit bias, repetition penalty (tokens of prompt and
/// output), frequency and presence penalty (tokens of the output), temperature, top-k, top-p, min-p, then one draw.
///
/// @param temperature 0 takes the most likely token, ties to the lower id; the other filters then do nothing
/// @param topK keep the k most likely tokens; 0 keeps all
/// @param topP keep the smallest set of most likely tokens whose probabilities reach this sum; 1 keeps all
/// @param minP keep tokens at least this fraction as likely as the most likely one; 0 keeps all
/// @param repetitionPenalty divides positive and multiplies negative logits of seen tokens; 1 does nothing
/// @param frequencyPenalty subtracted for each time a token was generated
/// @param presencePenalty subtracted once for a generated token
/// @param logitBias added to the logits of token ids
/// @param seed draws are a function of seed and position, so that the same seed gives the same text
public record SamplingOptions(
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        double frequencyPenalty,
        double presencePenalty,
        Map<Integer, Float> logitBias,
        long seed) {

    /// The model's own generation settings: temperature 1, nothing filtered.
    public static SamplingOptions defaults(long seed) {
        return new SamplingOptions(1.0, 0, 1.0, 0.0, 1.0, 0.0, 0.0, Map.of(), seed);
    }

    /// Always the most likely token.
    public static SamplingOptions greedy() {
        return new SamplingOptions(0.0, 0, 1.0, 0.0, 1.0, 0.0, 0.0, Map.of(), 0);
    }

    /// The same with another seed.
    public SamplingOptions withSeed(long seed) {
        return new SamplingOptions(
                temperature, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty, logitBias, seed);
    }

    /// Checks every value's range.
    public SamplingOptions {
        require(temperature >= 0 && temperature <= 100, "temperature", temperature, "0 (greedy) to 100");
        require(topK >= 0, "top-k", topK, "0 (off) or more");
        require(topP > 0 && topP <= 1, "top-p", topP, "above 0, at most 1 (off)");
        require(minP >= 0 && minP <= 1, "min-p", minP, "0 (off) to 1");
        require(repetitionPenalty > 0 && repetitionPenalty <= 100, "repetition penalty", repetitionPenalty, "above 0");
        require(Math.abs(frequencyPenalty) <= 100, "frequency penalty", frequencyPenalty, "-100 to 100");
        require(Math.abs(presencePenalty) <= 100, "presence penalty", presencePenalty, "-100 to 100");
        logitBias = Map.copyOf(logitBias);
        logitBias.forEach((id, bias) -> require(
                bias < Float.POSITIVE_INFINITY,
                "logit bias of token " + id,
                bias,
                "a number, or -Infinity to forbid it"));
    }

    private static void require(boolean holds, String name, Number value, String range) {
        if (!holds) {
            throw new HadalException("the " + name + " is " + value + "; it must be " + range);
        }
    }
}
