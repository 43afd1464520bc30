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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
        var err = spec.commandLine().getErr();
        var input =
                RunInput.of(arguments, spec.commandLine().getParseResult().hasMatchedOption("--model"), !Tty.input());
        checkRaw();
        Path checkpoint = model.path(input.model());
        boolean builtIn = !model.isNamed(input.model());
        ThinkingMode mode = reply.mode(builtIn);
        ReplyOptions options = reply.options(builtIn);
        String prompt = input.text(System.in);
        try (var engine = model.open(checkpoint, model.engineOptions(checkpoint).withQuickStart(true));
                var interrupt = Interrupt.watch()) {
            if (builtIn) {
                BuiltInModel.announce(err, engine.config(), "hadal run PATH \"...\"");
            }
            var screen = AnswerPrinter.Screen.standard(spec.commandLine().getOut(), err);
            var printer = new AnswerPrinter(screen, reply.showThinking(screen.shared()), interrupt::raised);
            var before = DiskReads.now();
            var answer = answer(engine, prompt, mode, options, json ? silent(interrupt) : printer);
            var disk = DiskReads.now().since(before);
            if (json) {
                screen.answer().println(json(answer, disk, checkpoint, mode, options));
                screen.answer().flush();
            }
            if (stats && !printer.unread()) {
                screen.note(AnswerStatistics.line(answer, disk));
            }
            boolean stopped = answer.reason() == FinishReason.CANCELLED && interrupt.raised();
            return stopped ? Interrupt.EXIT_CODE : Main.OK;
        }
    }

    private void checkRaw() {
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

    private String json(Answer answer, DiskReads disk, Path checkpoint, ThinkingMode mode, ReplyOptions options) {
        var object = answer.toJson();
        object.put("model", checkpoint.toString());
        object.put("mode", raw ? "raw" : Modes.name(mode));
        object.put("disk_bytes", disk.bytes());
        object.put("seed", options.sampling().seed());
        return TerminalText.json(object.toString());
    }
}
