package ai.hadal.cli;

import ai.hadal.engine.Engine;
import ai.hadal.engine.FinishReason;
import ai.hadal.engine.GeneratedToken;
import ai.hadal.engine.GenerationListener;
import ai.hadal.engine.GenerationRequest;
import ai.hadal.engine.GenerationResult;
import ai.hadal.engine.SamplingOptions;
import ai.hadal.engine.TokenLogprobs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Continues token ids with token ids.
@Command(
        name = "generate",
        description = "Continue token ids; works without a tokenizer.",
        footer = {"", "Example: hadal generate MODEL --ids 0,17,4 -n 32 --greedy"})
final class GenerateCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions options;

    @Mixin
    private TokenIds tokenIds;

    @Mixin
    private SamplingArguments sampling;

    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "The checkpoint.")
    private @Nullable Path model;

    @Option(
            names = {"-n", "--predict"},
            paramLabel = "N",
            defaultValue = "32",
            description = "Most tokens to generate (default: 32).")
    private int predict = 32;

    @Option(names = "--ignore-eos", description = "Go on after the end-of-turn token.")
    private boolean ignoreEos;

    @Option(names = "--stop-id", paramLabel = "ID", description = "A token id that ends generation; may be repeated.")
    private List<Integer> stopIds = new ArrayList<>();

    @Option(names = "--stop", paramLabel = "TEXT", description = "A text that ends generation; may be repeated.")
    private List<String> stops = new ArrayList<>();

    @Option(
            names = "--logprobs",
            arity = "0..1",
            fallbackValue = "0",
            defaultValue = "-1",
            paramLabel = "K",
            description = "Report log probabilities of the tokens and of the K most likely ones (JSON only).")
    private int logprobs = -1;

    @Option(names = "--json", description = "Print ids, text, usage and the reason of the end as JSON.")
    private boolean json;

    @Override
    public void run() {
        int[] ids = tokenIds.read();
        var request = new GenerationRequest(
                ids, sampling.options(), predict, stopIds, stops, ignoreEos, json ? logprobs : -1, -1);
        try (var engine = options.openFor(model, (long) ids.length + predict)) {
            TokenIds.check(ids, engine.config(), engine.contextLength());
            var tokens = new ArrayList<GeneratedToken>();
            GenerationResult result;
            try (var progress = Progress.open()) {
                result = engine.newSession().generate(request, listener(tokens, progress));
            }
            String text = json
                    ? json(engine, request.sampling(), result, tokens).toString()
                    : Arrays.stream(result.ids()).mapToObj(Integer::toString).collect(Collectors.joining(","));
            spec.commandLine().getOut().println(text);
        }
    }

    private GenerationListener listener(List<GeneratedToken> tokens, Progress progress) {
        return new GenerationListener() {
            @Override
            public void prefill(long done, long total) {
                progress.show("prompt: token " + done + " of " + total);
            }

            @Override
            public void token(GeneratedToken token) {
                tokens.add(token);
                progress.show("generating: token " + tokens.size() + " of " + predict);
            }
        };
    }

    private static ObjectNode json(
            Engine engine, SamplingOptions sampling, GenerationResult result, List<GeneratedToken> tokens) {
        var root = JsonNodeFactory.instance.objectNode();
        var ids = root.putArray("ids");
        Arrays.stream(result.ids()).forEach(ids::add);
        root.put("text", engine.hasTokenizer() ? result.text() : null);
        root.put("finish_reason", finishReason(result.reason()));
        var usage = result.usage();
        root.putObject("usage")
                .put("prompt_tokens", usage.prompt())
                .put("completion_tokens", usage.output())
                .put("total_tokens", usage.prompt() + usage.output());
        if (sampling.temperature() > 0) {
            root.put("seed", sampling.seed());
        }
        root.put("profile", engine.options().numerics().name());
        var timings = root.putObject("timings")
                .put("prompt_ms", result.prefillNanos() / 1e6)
                .put("predicted_ms", result.decodeNanos() / 1e6);
        if (result.drafted() > 0) {
            timings.put("draft_n", result.drafted()).put("draft_n_accepted", result.accepted());
        }
        if (tokens.stream().anyMatch(token -> token.logprobs() != null)) {
            var list = root.putArray("logprobs");
            for (var token : tokens) {
                addLogprobs(list.addObject(), token.id(), Objects.requireNonNull(token.logprobs()));
            }
        }
        return root;
    }

    private static void addLogprobs(ObjectNode node, int id, TokenLogprobs logprobs) {
        node.put("id", id).put("logprob", logprobs.chosen());
        var top = node.putArray("top");
        for (var entry : logprobs.top()) {
            top.addObject().put("id", entry.id()).put("logprob", entry.logprob());
        }
    }

    /// As the field names it: both the end-of-turn token and a stop of the caller's are a `stop`.
    private static String finishReason(FinishReason reason) {
        return switch (reason) {
            case END_OF_TURN, STOP -> "stop";
            case LENGTH, CANCELLED -> reason.name().toLowerCase(Locale.ROOT);
        };
    }
}
