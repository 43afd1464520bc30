package ai.hadal.cli;

import ai.hadal.ReplyOptions;
import ai.hadal.cli.remote.RemoteConversation;
import ai.hadal.cli.remote.RemoteServer;
import ai.hadal.engine.SamplingOptions;
import ai.hadal.error.HadalException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The options of commands that may ask a server instead of a model of their own.
final class RemoteArguments {

    /// Options that say how a model is run here.
    private static final List<String> LOCAL = List.of(
            "--backend",
            "--threads",
            "--cpu-bind",
            "--ctx-size",
            "--batch-size",
            "--profile",
            "--qat",
            "--speculative",
            "--draft-max",
            "--parse-special");

    private static final List<String> KEY_VARIABLES = List.of("HADAL_API_KEY", "OPENAI_API_KEY");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--connect",
            paramLabel = "URL",
            description =
                    "Talk to the OpenAI-compatible server at URL, such as http://localhost:8080, instead of a model"
                            + " of this process; --model is then a name that the server knows (default: its first).")
    private @Nullable String url;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description = "The key that the server wants (default: the variable HADAL_API_KEY, else OPENAI_API_KEY).")
    private @Nullable String key;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "How long the server may say nothing (default: 600).")
    private int timeout = 600;

    /// Whether a server is to answer.
    ///
    /// @throws HadalException if options are given that go with the other choice
    boolean isChosen() {
        var parsed = spec.commandLine().getParseResult();
        if (url == null) {
            refuse(parsed, List.of("--api-key", "--timeout"), " goes with --connect only; leave it out or give a URL");
            return false;
        }
        refuse(
                parsed,
                LOCAL,
                " says how a model runs in this process and does not go with --connect; leave one of the two out");
        if (timeout < 1) {
            throw new HadalException("--timeout is " + timeout + "; it must be 1 second or more");
        }
        return true;
    }

    private static void refuse(ParseResult parsed, List<String> options, String why) {
        for (String option : options) {
            if (parsed.hasMatchedOption(option)) {
                throw new HadalException(option + why);
            }
        }
    }

    /// The server that was [chosen][#isChosen].
    RemoteServer server() {
        return server(System.getenv());
    }

    RemoteServer server(Map<String, String> environment) {
        String chosen = key != null
                ? key
                : KEY_VARIABLES.stream()
                        .flatMap(name -> Stream.ofNullable(environment.get(name)))
                        .filter(value -> !value.isBlank())
                        .findFirst()
                        .orElse(null);
        return new RemoteServer(String.valueOf(url), chosen, Duration.ofSeconds(timeout));
    }

    /// A conversation with the model of a name, or with the server's first.
    ///
    /// @param load the file of a conversation to go on with, null for a new one
    RemoteDialogue dialogue(RemoteServer server, @Nullable String model, @Nullable Path load, ReplyArguments reply) {
        var conversation =
                new RemoteConversation(server, model == null ? server.models().getFirst() : model);
        var dialogue = new RemoteDialogue(conversation, this::fields);
        if (load != null) {
            dialogue.load(load);
        }
        if (reply.chosenMode() != null) {
            dialogue.setMode(reply.chosenMode());
        }
        if (reply.system() != null) {
            dialogue.setSystemPrompt(reply.system());
        }
        return dialogue;
    }

    /// What was asked for, as fields of a request; the rest is for the server to choose.
    private ObjectNode fields(ReplyOptions options) {
        var parsed = spec.commandLine().getParseResult();
        SamplingOptions sampling = options.sampling();
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        if (parsed.hasMatchedOption("--temperature") || parsed.hasMatchedOption("--greedy")) {
            fields.put("temperature", sampling.temperature());
        }
        if (parsed.hasMatchedOption("--seed")) {
            fields.put("seed", sampling.seed());
        }
        if (parsed.hasMatchedOption("--max-tokens")) {
            fields.put("max_tokens", options.maxTokens());
        }
        if (parsed.hasMatchedOption("--top-k")) {
            fields.put("top_k", sampling.topK());
        }
        if (parsed.hasMatchedOption("--top-p")) {
            fields.put("top_p", sampling.topP());
        }
        if (parsed.hasMatchedOption("--min-p")) {
            fields.put("min_p", sampling.minP());
        }
        if (parsed.hasMatchedOption("--repetition-penalty")) {
            fields.put("repetition_penalty", sampling.repetitionPenalty());
        }
        if (parsed.hasMatchedOption("--frequency-penalty")) {
            fields.put("frequency_penalty", sampling.frequencyPenalty());
        }
        if (parsed.hasMatchedOption("--presence-penalty")) {
            fields.put("presence_penalty", sampling.presencePenalty());
        }
        if (!sampling.logitBias().isEmpty()) {
            var bias = fields.putObject("logit_bias");
            sampling.logitBias().forEach((id, value) -> bias.put(String.valueOf(id), value));
        }
        if (!options.stopStrings().isEmpty()) {
            var stops = fields.putArray("stop");
            options.stopStrings().forEach(stops::add);
        }
        return fields;
    }
}
