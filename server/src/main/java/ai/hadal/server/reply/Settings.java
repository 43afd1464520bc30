package ai.hadal.server.reply;

import ai.hadal.engine.SamplingOptions;
import java.util.List;

/// How answers are generated, whatever they answer.
///
/// @param sampling how tokens are chosen; choice i draws with seed + i
/// @param maxTokens most tokens of an answer, reasoning included; 0 for the server's default
/// @param stop texts that end an answer
/// @param choices how many answers
/// @param logprobs how many likely tokens to report for each position; 0 for the chosen one only, -1 for
///     none
/// @param priority requests with a lower number go first
public record Settings(
        SamplingOptions sampling, int maxTokens, List<String> stop, int choices, int logprobs, int priority) {

    /// The top-p of a request that may say 0, where nothing but the most likely token remains.
    public static double topP(double asked) {
        return asked == 0 ? Double.MIN_VALUE : asked;
    }

    public Settings {
        stop = List.copyOf(stop);
    }
}
