package ai.hadal.cli;

import ai.hadal.ReplyOptions;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.engine.SamplingOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of commands in which the model answers people.
final class ReplyArguments {

    /// What the built-in model may say unless told otherwise: it has learnt nothing longer, and where it goes in
    /// circles it would fill the context.
    static final int BUILT_IN_LIMIT = 1024;

    private static final int BUILT_IN_TEMPERATURE = 0;

    @Mixin
    private SamplingArguments sampling;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = Modes.class,
            completionCandidates = Modes.Names.class,
            description =
                    "How much the model thinks first: non-think (the answer comes at once), high, or max (default:"
                            + " non-think, high with the built-in model).")
    private @Nullable ThinkingMode mode;

    @Option(
            names = {"--system", "--system-prompt"},
            paramLabel = "TEXT",
            description = "Standing instructions for the model.")
    private @Nullable String system;

    @Option(
            names = {"-n", "--max-tokens", "--predict"},
            paramLabel = "N",
            description =
                    "Most tokens to generate for a reply, thinking included (default: as many as the context holds,"
                            + " 1024 with the built-in model).")
    private @Nullable Integer maxTokens;

    @Option(names = "--stop", paramLabel = "TEXT", description = "A text that ends the reply; may be repeated.")
    private List<String> stops = new ArrayList<>();

    @Option(
            names = "--show-thinking",
            description = "Show what the model thinks, on standard error (default: only on a terminal).")
    private boolean showThinking;

    @Option(names = "--hide-thinking", description = "Do not show it anywhere.")
    private boolean hideThinking;

    @Option(
            names = "--parse-special",
            description = "Recognise special tokens in what is said too, as the official encoding does (default: it is"
                    + " text; --raw always recognises them).")
    private boolean parseSpecial;

    /// @param builtIn no model is named
    ThinkingMode mode(boolean builtIn) {
        if (mode != null) {
            return mode;
        }
        return builtIn ? ThinkingMode.HIGH : ThinkingMode.NON_THINK;
    }

    /// The mode that was given, null if none was.
    @Nullable
    ThinkingMode chosenMode() {
        return mode;
    }

    @Nullable
    String system() {
        return system;
    }

    /// @param standard what holds if nothing was said
    boolean showThinking(boolean standard) {
        return !hideThinking && (showThinking || standard);
    }

    /// @param builtIn no model is named
    /// @throws ai.hadal.error.HadalException if a value is out of its range
    ReplyOptions options(boolean builtIn) {
        SamplingOptions chosen = builtIn ? sampling.options(BUILT_IN_TEMPERATURE) : sampling.options();
        int limit = maxTokens == null ? builtIn ? BUILT_IN_LIMIT : ReplyOptions.UNLIMITED : maxTokens;
        return new ReplyOptions(chosen, limit, stops, parseSpecial);
    }
}
