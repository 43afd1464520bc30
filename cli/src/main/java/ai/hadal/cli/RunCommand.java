package ai.hadal.cli;

import ai.hadal.Answer;
import ai.hadal.Completion;
import ai.hadal.Conversation;
import ai.hadal.ReplyListener;
import ai.hadal.ReplyOptions;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.engine.Engine;
import ai.hadal.engine.FinishReason;
import ai.hadal.error.HadalException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// One prompt, one answer.
@Command(
        name = "run",
        description = "Answer one prompt.",
        customSynopsis = "hadal run [OPTIONS] [MODEL] [PROMPT]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hadal run \"What is 4711 + 289?\"",
            "  hadal run models/flash \"How deep is the sea?\" --mode high",
            "  hadal run -m models/flash \"Explain this error:\" < build.log",
            "  git diff | hadal run -m models/flash \"Review this change.\" | tee review.md",
            "  hadal run -m models/flash --raw \"Once upon a time\" -n 100 --seed 7",
            "  hadal run -m models/flash \"List three seas.\" --json | jq .usage",
            "  hadal run --connect http://localhost:8080 \"How deep is the sea?\"",
            "",
            "Without a MODEL the small built-in one answers: it thinks first (--mode high) and always takes the most"
                    + " likely token (--temp 0), unless told otherwise.",
            "Only the answer goes to standard output. Thinking, calls and statistics go to standard error, and progress only"
                    + " to a terminal. What is piped in follows the prompt after a blank line. Ctrl-C stops the answer"
                    + " (exit code 130)."
        })
final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            hideParamSyntax = true,
            paramLabel = "[MODEL] PROMPT",
            description = "The prompt, after the model if both are given; - stands for standard input.")
    private List<String> arguments = new ArrayList<>();

    @Mixin
    private ModelOptions model;

    @Mixin
    private RemoteArguments remote;

    @Mixin
    private ReplyArguments reply;

    @Option(
            names = "--raw",
            description =
                    "Continue the prompt as plain text, without the chat protocol; --mode and --system do not apply.")
    private boolean raw;

    @Option(
            names = "--json",
            description = "Print one JSON object at the end and nothing else: text, reasoning, tool_calls, usage, ...")
    private boolean json;

    @Option(names = "--stats", description = "Say on standard error what the answer took.")
    private boolean stats;

    @Override
    public Integer call() {
        boolean connected = remote.isChosen();
        boolean named = spec.commandLine().getParseResult().hasMatchedOption("--model");
        var input = RunInput.of(arguments, named || connected, !Tty.input());
        checkRaw(connected);
        return connected ? ask(input) : answer(input);
    }

    /// A server answers.
    private int ask(RunInput input) {
        ReplyOptions options = reply.options(false);
        String prompt = input.text(System.in);
        try (var server = remote.server()) {
            var dialogue = remote.dialogue(server, model.remoteName(null), null, reply);
            try (var interrupt = Interrupt.watch()) {
                return show(
                        interrupt,
                        listener -> dialogue.reply(prompt, options, listener),
                        (json, _) -> json.put("model", dialogue.model())
                                .put("mode", dialogue.mode())
                                .put("server", server.base().toString()));
            }
        }
    }

    /// A model of this process answers.
    private int answer(RunInput input) {
        Path checkpoint = model.path(input.model());
        boolean builtIn = !model.isNamed(input.model());
        ThinkingMode mode = reply.mode(builtIn);
        ReplyOptions options = reply.options(builtIn);
        String prompt = input.text(System.in);
        try (var engine = model.open(checkpoint, model.engineOptions(checkpoint).withQuickStart(true));
                var interrupt = Interrupt.watch()) {
            if (builtIn) {
                BuiltInModel.announce(spec.commandLine().getErr(), engine.config(), "hadal run PATH \"...\"");
            }
            return show(
                    interrupt,
                    listener -> {
                        var before = DiskReads.now();
                        var answer = answer(engine, prompt, mode, options, listener);
                        return new Dialogue.Said(answer, DiskReads.now().since(before));
                    },
                    (json, disk) -> json.put("model", checkpoint.toString())
                            .put("mode", raw ? "raw" : Modes.name(mode))
                            .put("disk_bytes", disk.bytes())
                            .put("seed", options.sampling().seed()));
        }
    }

    /// Shows an answer while it comes.
    ///
    /// @param facts adds to the object that `--json` prints
    private int show(
            Interrupt interrupt,
            Function<ReplyListener, Dialogue.Said> answering,
            BiConsumer<ObjectNode, DiskReads> facts) {
        var screen = AnswerPrinter.Screen.standard(
                spec.commandLine().getOut(), spec.commandLine().getErr());
        var printer = new AnswerPrinter(screen, reply.showThinking(screen.shared()), interrupt::raised);
        var said = answering.apply(json ? silent(interrupt) : printer);
        if (json) {
            var object = said.answer().toJson();
            facts.accept(object, said.disk());
            screen.answer().println(TerminalText.json(object.toString()));
            screen.answer().flush();
        }
        if (stats && !printer.unread()) {
            screen.note(AnswerStatistics.line(said.answer(), said.disk()));
        }
        boolean stopped = said.answer().reason() == FinishReason.CANCELLED && interrupt.raised();
        return stopped ? Interrupt.EXIT_CODE : Main.OK;
    }

    private void checkRaw(boolean connected) {
        if (raw && connected) {
            throw new HadalException("--raw needs the model in this process and does not go with --connect;"
                    + " leave one of the two out");
        }
        var parsed = spec.commandLine().getParseResult();
        for (String option : List.of("--mode", "--system")) {
            if (raw && parsed.hasMatchedOption(option)) {
                throw new HadalException(
                        "--raw and " + option + " exclude each other: raw text has no chat protocol; leave one out");
            }
        }
    }

    private Answer answer(
            Engine engine, String prompt, ThinkingMode mode, ReplyOptions options, ReplyListener listener) {
        if (raw) {
            return Completion.of(engine.newSession(), prompt, options, listener);
        }
        var conversation = new Conversation(engine);
        conversation.setMode(mode);
        if (reply.system() != null) {
            conversation.setSystemPrompt(reply.system());
        }
        return conversation.reply(prompt, options, listener);
    }

    private static ReplyListener silent(Interrupt interrupt) {
        return new ReplyListener() {
            @Override
            public boolean cancelled() {
                return interrupt.raised();
            }
        };
    }
}
