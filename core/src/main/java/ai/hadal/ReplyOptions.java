package ai.hadal;

import ai.hadal.engine.SamplingOptions;
import ai.hadal.error.HadalException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// How one reply is generated.
///
/// @param sampling how tokens are chosen
/// @param maxTokens most tokens to generate, reasoning included; [#UNLIMITED] for as many as the context holds
/// @param stopStrings texts that end the reply and are not part of it
/// @param parseSpecial recognise special tokens in what messages say too, see [ai.hadal.chat.ChatOptions]
public record ReplyOptions(SamplingOptions sampling, int maxTokens, List<String> stopStrings, boolean parseSpecial) {

    /// No limit but the context's.
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /// As the full form; what messages say is text.
    public ReplyOptions(SamplingOptions sampling, int maxTokens, List<String> stopStrings) {
        this(sampling, maxTokens, stopStrings, false);
    }

    /// The model's own sampling settings with a fresh random seed, no limit and no stop strings.
    public static ReplyOptions defaults() {
        return new ReplyOptions(
                SamplingOptions.defaults(ThreadLocalRandom.current().nextLong()), UNLIMITED, List.of());
    }

    /// Checks the limits.
    ///
    /// @throws HadalException if the limit of new tokens is below 1 or a stop string is empty
    public ReplyOptions {
        if (maxTokens < 1) {
            throw new HadalException("the limit of new tokens is " + maxTokens + "; it must be 1 or more");
        }
        if (stopStrings.stream().anyMatch(String::isEmpty)) {
            throw new HadalException("a stop string is empty; leave it out");
        }
        stopStrings = List.copyOf(stopStrings);
    }

    public ReplyOptions withSampling(SamplingOptions sampling) {
        return new ReplyOptions(sampling, maxTokens, stopStrings, parseSpecial);
    }

    public ReplyOptions withMaxTokens(int maxTokens) {
        return new ReplyOptions(sampling, maxTokens, stopStrings, parseSpecial);
    }

    public ReplyOptions withStopStrings(List<String> stopStrings) {
        return new ReplyOptions(sampling, maxTokens, stopStrings, parseSpecial);
    }

    public ReplyOptions withParseSpecial(boolean parse) {
        return new ReplyOptions(sampling, maxTokens, stopStrings, parse);
    }
}
