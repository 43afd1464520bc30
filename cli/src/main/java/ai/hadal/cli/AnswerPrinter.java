package ai.hadal.cli;

import ai.hadal.ReplyListener;
import ai.hadal.chat.ReplyEvent;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;

/// Shows a reply as it comes: the answer on one writer, and what is not the answer (thinking, calls, faults) on
/// another. Control characters reach a terminal only by their escapes; a pipe gets the answer as the model wrote
/// it.
final class AnswerPrinter implements ReplyListener {

    /// Where a reply is shown.
    ///
    /// @param answer takes the answer
    /// @param notes takes the rest; may be the same writer
    /// @param answerOnTerminal the answer is shown on a terminal
    /// @param notesOnTerminal the rest is
    /// @param dim the rest may be dimmed
    record Screen(
            PrintWriter answer, PrintWriter notes, boolean answerOnTerminal, boolean notesOnTerminal, boolean dim) {

        /// The standard streams.
        static Screen standard(PrintWriter out, PrintWriter err) {
            boolean errors = Tty.error();
            return new Screen(out, err, Tty.output(), errors, errors && Tty.mayStyle());
        }

        /// Answer and notes follow each other on the same lines.
        boolean shared() {
            return answerOnTerminal && notesOnTerminal;
        }

        String dimmed(String text) {
            return dim ? Styles.dim(text) : text;
        }

        /// A line beside the answer.
        void note(String line) {
            notes.println(dimmed(line));
            notes.flush();
        }
    }

    private final Screen screen;
    private final boolean showThinking;
    private final BooleanSupplier interrupted;
    private final Progress progress = Progress.open();
    private boolean answerOpen;
    private boolean noteOpen;
    private boolean thought;
    private String fault = "";

    AnswerPrinter(Screen screen, boolean showThinking, BooleanSupplier interrupted) {
        this.screen = screen;
        this.showThinking = showThinking;
        this.interrupted = interrupted;
    }

    @Override
    public void prefill(long done, long total) {
        if (done < total) {
            progress.show("reading the prompt: token " + done + " of " + total);
        } else {
            progress.close();
        }
    }

    @Override
    public void event(ReplyEvent event) {
        progress.close();
        switch (event) {
            case ReplyEvent.Reasoning(String text) -> reasoning(text);
            case ReplyEvent.Text(String text) -> text(text);
            case ReplyEvent.ToolCallStart _, ReplyEvent.ToolCallArguments _ -> {}
            case ReplyEvent.ToolCallEnd(var _, String name, String arguments) -> {
                endLines();
                screen.note("calls " + TerminalText.clean(name) + " " + TerminalText.clean(arguments));
            }
            case ReplyEvent.Malformed(String reason, String raw) -> malformed(reason, raw);
            case ReplyEvent.End _ -> endLines();
        }
        screen.notes.flush();
        screen.answer.flush();
    }

    private void reasoning(String text) {
        if (showThinking) {
            endAnswerLine();
            note(text);
            thought = true;
        }
    }

    private void text(String text) {
        endNoteLine();
        if (thought && screen.shared()) {
            screen.notes.println();
            screen.notes.flush();
        }
        thought = false;
        screen.answer.print(screen.answerOnTerminal ? TerminalText.clean(text) : text);
        answerOpen = !text.endsWith("\n");
    }

    private void malformed(String reason, String raw) {
        if (!reason.equals(fault)) {
            endLines();
            fault = reason;
            screen.note("[against the protocol: " + TerminalText.clean(reason) + "]");
        }
        if (screen.shared() && !raw.isEmpty()) {
            note(raw);
        }
    }

    private void note(String text) {
        screen.notes.print(screen.dimmed(TerminalText.clean(text)));
        noteOpen = !text.endsWith("\n");
    }

    private void endLines() {
        endAnswerLine();
        endNoteLine();
    }

    private void endAnswerLine() {
        if (answerOpen) {
            screen.answer.println();
            screen.answer.flush();
            answerOpen = false;
        }
    }

    private void endNoteLine() {
        if (noteOpen) {
            screen.notes.println();
            screen.notes.flush();
            noteOpen = false;
        }
    }

    /// Whether nobody reads the answer any more, as after `| head -1`.
    boolean unread() {
        return screen.answer.checkError();
    }

    @Override
    public boolean cancelled() {
        return interrupted.getAsBoolean() || unread();
    }
}
