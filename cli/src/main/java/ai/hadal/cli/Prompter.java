package ai.hadal.cli;

import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// Where a chat's messages come from and its answers go.
interface Prompter extends AutoCloseable {

    /// What a person did at the prompt.
    sealed interface Input {
        /// Wrote a message, its marks of several lines included.
        record Text(String lines) implements Input {}

        /// Pressed Ctrl-C.
        ///
        /// @param discarded what had been typed until then
        record Interrupt(String discarded) implements Input {}

        /// Pressed Ctrl-D, or the input ended.
        record End() implements Input {}
    }

    /// Waits for the next message.
    Input read();

    /// Where answers are shown.
    AnswerPrinter.Screen screen();

    /// Runs something that Ctrl-C asks to stop.
    ///
    /// @param work is told how to find out whether it was asked
    <T> T interruptible(Function<BooleanSupplier, T> work);

    @Override
    void close();
}
