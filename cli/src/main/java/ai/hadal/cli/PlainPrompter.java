package ai.hadal.cli;

import ai.hadal.error.HadalException;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// Reads messages line by line from a pipe, or from a terminal that cannot edit lines.
final class PlainPrompter implements Prompter {

    private final BufferedReader in;
    private final AnswerPrinter.Screen screen;
    private final String prompt;

    /// @param prompt shown before each message, "" for none
    PlainPrompter(BufferedReader in, AnswerPrinter.Screen screen, String prompt) {
        this.in = in;
        this.screen = screen;
        this.prompt = prompt;
    }

    @Override
    public Input read() {
        if (screen.answer().checkError()) {
            return new Input.End();
        }
        var lines = new StringBuilder();
        try {
            while (true) {
                screen.answer().print(prompt);
                screen.answer().flush();
                String line = in.readLine();
                if (line == null) {
                    return lines.isEmpty() ? new Input.End() : new Input.Text(lines.toString());
                }
                lines.append(line);
                if (!MultiLine.isOpen(lines.toString())) {
                    return new Input.Text(lines.toString());
                }
                lines.append('\n');
            }
        } catch (IOException e) {
            throw new HadalException("standard input cannot be read as UTF-8 text; convert it first", e);
        }
    }

    @Override
    public AnswerPrinter.Screen screen() {
        return screen;
    }

    @Override
    public <T> T interruptible(Function<BooleanSupplier, T> work) {
        try (var interrupt = Interrupt.watch()) {
            return work.apply(interrupt::raised);
        }
    }

    /// Standard input is not ours to close.
    @Override
    public void close() {}
}
