package ai.hadal.cli;

import ai.hadal.Conversation;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.engine.Engine;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// A conversation in the terminal.
@Command(
        name = "chat",
        description = "Talk to a model.",
        customSynopsis = "hadal chat [OPTIONS] [MODEL]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hadal chat",
            "  hadal chat models/flash --mode high --system \"Answer briefly.\"",
            "  hadal chat models/flash --load talk.json",
            "  hadal chat models/flash < questions.txt > answers.txt",
            "  hadal chat --connect http://localhost:8080",
            "  hadal chat --connect https://api.deepseek.com --model NAME --mode high",
            "",
            "Without a MODEL the small built-in one answers: it thinks first (--mode high) and always takes the most"
                    + " likely token (--temp 0), unless told otherwise.",
            "/help shows the commands. A \\ at the end of a line continues the message, and lines between \"\"\" and \"\"\" are"
                    + " one message. Ctrl-C stops the answer; Ctrl-D leaves.",
            "When input is piped in, each line is answered in turn and only answers go to standard output.",
            "What is typed is remembered in ~/.local/state/hadal/history (or under $XDG_STATE_HOME), for its owner only."
        })
final class ChatCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "The checkpoint.")
    private @Nullable Path checkpoint;

    @Mixin
    private ModelOptions model;

    @Mixin
    private RemoteArguments remote;

    @Mixin
    private ReplyArguments reply;

    @Option(names = "--load", paramLabel = "FILE", description = "Go on with a conversation that /save wrote.")
    private @Nullable Path load;

    @Option(names = "--no-stats", description = "Show no line with tokens and speed after each answer.")
    private boolean noStats;

    @Option(names = "--no-history", description = "Do not remember what is typed.")
    private boolean noHistory;

    @Override
    public Integer call() {
        if (remote.isChosen()) {
            remoteChat();
        } else {
            localChat();
        }
        return Main.OK;
    }

    private void remoteChat() {
        reply.options(false);
        try (var server = remote.server()) {
            var dialogue = remote.dialogue(server, model.remoteName(checkpoint), load, reply);
            try (var prompter = prompter()) {
                chat(dialogue, prompter, false, TerminalText.line(dialogue.model()) + " at " + server.base());
            }
        }
    }

    private void localChat() {
        Path path = model.path(checkpoint);
        boolean builtIn = !model.isNamed(checkpoint);
        reply.options(builtIn);
        try (var engine = model.open(path, model.engineOptions(path).withQuickStart(true));
                var prompter = prompter()) {
            if (builtIn) {
                BuiltInModel.announce(spec.commandLine().getErr(), engine.config(), "hadal chat PATH");
            }
            var dialogue = new LocalDialogue(engine, conversation(engine, reply.mode(builtIn)));
            chat(dialogue, prompter, builtIn, engine.description());
        }
    }

    /// @param partner who answers, in a few words
    private void chat(Dialogue dialogue, Prompter prompter, boolean builtIn, String partner) {
        var screen = prompter.screen();
        boolean people = Tty.input() && screen.answerOnTerminal();
        if (people) {
            screen.note(partner + "; /help shows the commands, Ctrl-D leaves");
        }
        new Chat(dialogue, prompter, () -> reply.options(builtIn), reply.showThinking(people), people && !noStats)
                .run();
    }

    private Conversation conversation(Engine engine, ThinkingMode mode) {
        var conversation = load == null ? new Conversation(engine) : Conversation.load(engine, load);
        if (load == null || spec.commandLine().getParseResult().hasMatchedOption("--mode")) {
            conversation.setMode(mode);
        }
        if (reply.system() != null) {
            conversation.setSystemPrompt(reply.system());
        }
        return conversation;
    }

    private Prompter prompter() {
        boolean people = Tty.input() && Tty.output();
        if (people && Tty.isCapable()) {
            return TerminalPrompter.open(noHistory ? null : ChatHistory.file(), new ChatCompleter());
        }
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8.newDecoder()));
        var screen = AnswerPrinter.Screen.standard(
                spec.commandLine().getOut(), spec.commandLine().getErr());
        return new PlainPrompter(in, screen, people ? "> " : "");
    }
}
