package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.ReplyEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerPrinterTest {

    private static final List<ReplyEvent> REPLY = List.of(
            new ReplyEvent.Reasoning("Let me"),
            new ReplyEvent.Reasoning(" see."),
            new ReplyEvent.Text("It is\u001b[2J deep"),
            new ReplyEvent.Text("."),
            new ReplyEvent.ToolCallStart(0, "depth"),
            new ReplyEvent.ToolCallArguments(0, "{\"sea\": 1}"),
            new ReplyEvent.ToolCallEnd(0, "depth", "{\"sea\": 1}"),
            new ReplyEvent.Malformed("Extra", "raw\u0007"),
            new ReplyEvent.Malformed("Extra", " more"),
            new ReplyEvent.End(true));

    private final StringWriter answer = new StringWriter();
    private final StringWriter notes = new StringWriter();

    private void show(boolean showThinking, AnswerPrinter.Screen screen) {
        var printer = new AnswerPrinter(screen, showThinking, () -> false);
        REPLY.forEach(printer::event);
    }

    @Test
    void inAPipeTheAnswerIsAloneAndAsTheModelWroteIt() {
        show(false, new AnswerPrinter.Screen(new PrintWriter(answer), new PrintWriter(notes), false, false, false));
        assertThat(answer.toString()).isEqualTo("It is\u001b[2J deep.\n");
        assertThat(notes.toString().lines())
                .containsExactly("calls depth {\"sea\": 1}", "[against the protocol: Extra]");
    }

    @Test
    void thinkingGoesBesideTheAnswerIfAskedFor() {
        show(true, new AnswerPrinter.Screen(new PrintWriter(answer), new PrintWriter(notes), false, false, false));
        assertThat(answer.toString()).isEqualTo("It is\u001b[2J deep.\n");
        assertThat(notes.toString()).startsWith("Let me see.\ncalls");
    }

    @Test
    void onATerminalAllIsOneTextAndControlsAreShown() {
        var writer = new PrintWriter(answer);
        show(true, new AnswerPrinter.Screen(writer, writer, true, true, false));
        assertThat(answer.toString()).isEqualTo("""
                Let me see.

                It is\\x1b[2J deep.
                calls depth {"sea": 1}
                [against the protocol: Extra]
                raw\\x07 more
                """);
    }

    @Test
    void whatIsNotTheAnswerIsDim() {
        var writer = new PrintWriter(answer);
        show(true, new AnswerPrinter.Screen(writer, writer, true, true, true));
        assertThat(answer.toString())
                .startsWith("\u001b[2mLet me\u001b[22m")
                .contains("\nIt is\\x1b[2J deep.\n")
                .contains("\u001b[2mraw\\x07\u001b[22m");
    }

    @Test
    void aClosedPipeStopsTheReply() {
        var closed = new PrintWriter(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        var printer = new AnswerPrinter(
                new AnswerPrinter.Screen(closed, new PrintWriter(notes), false, false, false), false, () -> false);
        assertThat(printer.cancelled()).isFalse();
        printer.event(new ReplyEvent.Text("It is deep."));
        assertThat(printer.cancelled()).isTrue();
    }
}
