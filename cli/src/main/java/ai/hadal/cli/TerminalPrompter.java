package ai.hadal.cli;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jline.reader.Completer;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/// A terminal with line editing, history and completion.
final class TerminalPrompter implements Prompter {

    private static final String PROMPT = "> ";
    private static final String MORE = ". ";
    private static final int HISTORY_SIZE = 2000;

    private final Terminal terminal;
    private final LineReader reader;
    private final AnswerPrinter.Screen screen;

    private TerminalPrompter(Terminal terminal, LineReader reader) {
        this.terminal = terminal;
        this.reader = reader;
        this.screen = new AnswerPrinter.Screen(terminal.writer(), terminal.writer(), true, true, Tty.mayStyle());
    }

    /// Opens the terminal of the standard streams.
    ///
    /// @param history where messages are remembered; null for nowhere
    static TerminalPrompter open(@Nullable Path history, Completer completer) {
        try {
            var terminal =
                    TerminalBuilder.builder().system(true).nativeSignals(true).build();
            var builder = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .appName("hadal")
                    .parser(new MessageParser())
                    .completer(completer)
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .option(LineReader.Option.BRACKETED_PASTE, true)
                    .option(LineReader.Option.HISTORY_TIMESTAMPED, false)
                    .variable(LineReader.SECONDARY_PROMPT_PATTERN, MORE)
                    .variable(LineReader.HISTORY_SIZE, HISTORY_SIZE)
                    .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_SIZE);
            if (history != null) {
                builder.variable(LineReader.HISTORY_FILE, history);
            }
            return new TerminalPrompter(terminal, builder.build());
        } catch (IOException e) {
            throw new HadalException("the terminal cannot be opened (" + e.getMessage() + "); try TERM=dumb", e);
        }
    }

    @Override
    public Input read() {
        try {
            return new Input.Text(reader.readLine(PROMPT));
        } catch (UserInterruptException e) {
            return new Input.Interrupt(e.getPartialLine() == null ? "" : e.getPartialLine());
        } catch (EndOfFileException _) {
            return new Input.End();
        }
    }

    @Override
    public AnswerPrinter.Screen screen() {
        return screen;
    }

    /// Keys typed meanwhile are not shown; they are there at the next prompt.
    @Override
    public <T> T interruptible(Function<BooleanSupplier, T> work) {
        var interrupted = new AtomicBoolean();
        var before = terminal.handle(Terminal.Signal.INT, _ -> interrupted.set(true));
        boolean echo = terminal.echo(false);
        try {
            return work.apply(interrupted::get);
        } finally {
            terminal.echo(echo);
            terminal.handle(Terminal.Signal.INT, before);
        }
    }

    @Override
    public void close() {
        try {
            terminal.close();
        } catch (IOException e) {
            throw new HadalException("the terminal cannot be restored (" + e.getMessage() + "); run: reset", e);
        }
    }

    /// Messages are text, not shell words: nothing in them is a quote or an escape but the marks of several lines.
    private static final class MessageParser extends DefaultParser {

        MessageParser() {
            setQuoteChars(new char[0]);
            setEscapeChars(new char[0]);
            setEofOnUnclosedQuote(false);
            setEofOnEscapedNewLine(false);
        }

        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            if (context == ParseContext.ACCEPT_LINE && MultiLine.isOpen(line)) {
                throw new EOFError(-1, -1, "the message goes on");
            }
            return super.parse(line, cursor, context);
        }
    }
}
