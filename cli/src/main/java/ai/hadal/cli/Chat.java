package ai.hadal.cli;

import ai.hadal.Answer;
import ai.hadal.ReplyOptions;
import ai.hadal.engine.FinishReason;
import ai.hadal.error.HadalException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A conversation with a person: reads messages and commands, shows answers.
final class Chat {

    private static final String COMMAND = "/";
    private static final int COLUMN = 28;

    private final Dialogue dialogue;
    private final Prompter prompter;
    private final AnswerPrinter.Screen screen;
    private final Supplier<ReplyOptions> options;
    private final boolean showThinking;
    private boolean showStatistics;
    private @Nullable Answer last;
    private int retries;
    /// A message whose answer failed or was stopped before its first token; the conversation knows nothing of it.
    private @Nullable String unanswered;

    /// @param options asked for each answer, so that unseeded ones differ
    Chat(
            Dialogue dialogue,
            Prompter prompter,
            Supplier<ReplyOptions> options,
            boolean showThinking,
            boolean showStatistics) {
        this.dialogue = dialogue;
        this.prompter = prompter;
        this.screen = prompter.screen();
        this.options = options;
        this.showThinking = showThinking;
        this.showStatistics = showStatistics;
    }

    /// Runs until the person leaves.
    void run() {
        boolean leaving = false;
        while (true) {
            switch (prompter.read()) {
                case Prompter.Input.End _ -> {
                    return;
                }
                case Prompter.Input.Interrupt(String discarded) -> {
                    if (leaving && discarded.isEmpty()) {
                        return;
                    }
                    leaving = discarded.isEmpty();
                    if (leaving) {
                        screen.note("(Ctrl-C again, or Ctrl-D, leaves)");
                    }
                }
                case Prompter.Input.Text(String lines) -> {
                    leaving = false;
                    if (!heard(lines)) {
                        return;
                    }
                }
            }
        }
    }

    /// Answers a message or does what a command says; false for the command to leave. What goes wrong is said and
    /// is not the end.
    private boolean heard(String lines) {
        try {
            if (lines.startsWith(COMMAND) && !lines.startsWith(COMMAND + COMMAND)) {
                return act(lines.strip());
            }
            String text = MultiLine.text(lines.startsWith(COMMAND) ? lines.substring(1) : lines);
            if (!text.isBlank()) {
                retries = 0;
                answer(text);
            }
        } catch (HadalException e) {
            screen.notes().println("hadal: " + TerminalText.clean(String.valueOf(e.getMessage())));
            screen.notes().flush();
        }
        return true;
    }

    private void answer(String text) {
        var chosen = retry(options.get());
        long before = dialogue.messages();
        Dialogue.Said said;
        unanswered = text;
        try {
            said = prompter.interruptible(
                    interrupted -> dialogue.reply(text, chosen, new AnswerPrinter(screen, showThinking, interrupted)));
        } finally {
            if (dialogue.messages() > before) {
                unanswered = null;
            }
        }
        last = said.answer();
        if (showStatistics) {
            screen.note(AnswerStatistics.line(last, said.disk()));
        } else if (last.reason() == FinishReason.CANCELLED) {
            screen.note("stopped");
        }
    }

    /// Another try with the same seed would say the same, so each one counts the seed up.
    private ReplyOptions retry(ReplyOptions chosen) {
        var sampling = chosen.sampling();
        return chosen.withSampling(sampling.withSeed(sampling.seed() + retries));
    }

    private boolean act(String line) {
        int space = line.indexOf(' ');
        String word = space < 0 ? line : line.substring(0, space);
        String argument = space < 0 ? "" : line.substring(space).strip();
        var action = ChatAction.of(word).orElseThrow(() -> unknown(word));
        switch (action) {
            case HELP -> help();
            case MODE -> mode(argument);
            case SYSTEM -> system(argument);
            case SAVE -> {
                dialogue.save(path(action, argument));
                screen.note("saved " + messages());
            }
            case LOAD -> {
                dialogue.load(path(action, argument));
                forget();
                screen.note("loaded " + messages() + ", mode " + dialogue.mode());
            }
            case STATS -> statistics(argument);
            case UNDO -> undo();
            case RETRY -> again();
            case CLEAR -> {
                dialogue.clear();
                forget();
                screen.note("cleared");
            }
            case EXIT -> {
                return false;
            }
        }
        return true;
    }

    private static HadalException unknown(String word) {
        String guess = Suggestion.nearest(
                        word,
                        Arrays.stream(ChatAction.values()).map(ChatAction::word).toList())
                .map(near -> " (did you mean " + near + "?)")
                .orElse("");
        return new HadalException(
                "there is no command " + TerminalText.clean(word) + guess + "; /help shows all, // sends a slash");
    }

    private void help() {
        for (var action : ChatAction.values()) {
            screen.notes()
                    .println("  " + action.usage()
                            + " ".repeat(Math.max(1, COLUMN - action.usage().length())) + action.help());
        }
        screen.notes().println("A \\ at the end of a line continues a message; \"\"\" begins and ends a block.");
        screen.notes().println("Ctrl-C stops an answer. A message that begins with // is sent with one slash.");
        screen.notes().flush();
    }

    private void mode(String argument) {
        if (!argument.isEmpty()) {
            dialogue.setMode(Modes.of(argument));
        }
        screen.note("mode " + dialogue.mode());
    }

    private void system(String argument) {
        if (argument.equals("-")) {
            dialogue.setSystemPrompt("");
        } else if (!argument.isEmpty()) {
            dialogue.setSystemPrompt(MultiLine.text(argument));
        }
        String prompt = dialogue.systemPrompt();
        screen.note(
                prompt.isEmpty() ? "no standing instructions" : "standing instructions: " + TerminalText.clean(prompt));
    }

    private void statistics(String argument) {
        switch (argument) {
            case "on" -> showStatistics = true;
            case "off" -> showStatistics = false;
            case "" -> {}
            default -> throw new HadalException("/stats takes on or off, or nothing");
        }
        long used = last == null ? 0 : last.usage().prompt() + last.usage().output();
        String context = dialogue.contextLength() > 0
                ? used + " of " + dialogue.contextLength() + " tokens of context"
                : used + " tokens of context used";
        screen.note(messages() + ", " + context + "; the line after an answer is " + (showStatistics ? "on" : "off"));
    }

    private void forget() {
        last = null;
        unanswered = null;
    }

    private void undo() {
        unanswered = null;
        screen.note(dialogue.undo().isPresent() ? "took back the last message" : "nothing to undo");
    }

    private void again() {
        Optional<String> text = unanswered == null ? dialogue.undo() : Optional.of(unanswered);
        if (text.isEmpty()) {
            screen.note("nothing to answer anew");
            return;
        }
        retries++;
        answer(text.get());
    }

    private String messages() {
        long count = dialogue.messages();
        return count + (count == 1 ? " message" : " messages");
    }

    private static Path path(ChatAction action, String argument) {
        if (argument.isEmpty()) {
            throw new HadalException(action.word() + " needs the name of a file");
        }
        try {
            return argument.startsWith("~/")
                    ? Path.of(System.getProperty("user.home"), argument.substring(2))
                    : Path.of(argument);
        } catch (InvalidPathException e) {
            throw new HadalException("'" + TerminalText.clean(argument) + "' is no name of a file; choose another", e);
        }
    }
}
