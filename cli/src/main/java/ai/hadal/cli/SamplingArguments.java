package ai.hadal.cli;

import ai.hadal.engine.SamplingOptions;
import ai.hadal.error.HadalException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say how tokens are chosen. Left alone, they draw from the model's own distribution,
/// or whatever the command has for a temperature.
final class SamplingArguments {

    @Option(names = "--greedy", description = "Always take the most likely token.")
    private boolean greedy;

    @Option(
            names = {"--temp", "--temperature"},
            paramLabel = "T",
            description = "Flatten (above 1) or sharpen the distribution; 0 is greedy (default: 1).")
    private @Nullable Double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Keep the K most likely tokens (default: 0, all).")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Keep the most likely tokens that reach this probability together (default: 1, all).")
    private double topP = 1;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            defaultValue = "0",
            description = "Keep tokens at least P times as likely as the most likely one (default: 0, all).")
    private double minP;

    @Option(
            names = {"--repeat-penalty", "--repetition-penalty"},
            paramLabel = "X",
            defaultValue = "1",
            description = "Make seen tokens less likely (default: 1, off).")
    private double repeatPenalty = 1;

    @Option(
            names = "--frequency-penalty",
            paramLabel = "X",
            defaultValue = "0",
            description = "Subtract for each time a token was generated (default: 0).")
    private double frequencyPenalty;

    @Option(
            names = "--presence-penalty",
            paramLabel = "X",
            defaultValue = "0",
            description = "Subtract once for a generated token (default: 0).")
    private double presencePenalty;

    @Option(
            names = "--logit-bias",
            paramLabel = "ID=X",
            description = "Add X to the logit of a token; may be repeated.")
    private Map<Integer, Float> logitBias = new HashMap<>();

    @Option(
            names = {"-s", "--seed"},
            paramLabel = "N",
            description = "The same seed gives the same tokens (default: a new one each time).")
    private @Nullable Long seed;

    /// @throws HadalException if a value is out of its range
    SamplingOptions options() {
        return options(1);
    }

    /// As [#options()].
    ///
    /// @param standard the temperature if none is given
    SamplingOptions options(double standard) {
        if (greedy && temperature != null && temperature != 0) {
            throw new HadalException(
                    "--greedy and --temperature " + temperature + " exclude each other; leave one out");
        }
        return new SamplingOptions(
                greedy ? 0 : temperature == null ? standard : temperature,
                topK,
                topP,
                minP,
                repeatPenalty,
                frequencyPenalty,
                presencePenalty,
                logitBias,
                seed == null ? ThreadLocalRandom.current().nextLong(1L << 53) : seed);
    }
}
