package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int exitCode(StandardOutput out, int code) {
        return out.exitCode(code, new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static StandardOutput failing(String reason) {
        var out = new StandardOutput(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        });
        assertThatThrownBy(() -> out.write('x')).isInstanceOf(IOException.class);
        return out;
    }

    @Test
    void whatWasWrittenKeepsTheCommandsExitCode() throws IOException {
        var target = new ByteArrayOutputStream();
        var out = new StandardOutput(target);
        out.write("answer".getBytes(StandardCharsets.UTF_8));
        assertThat(target.toString(StandardCharsets.UTF_8)).isEqualTo("answer");
        assertThat(exitCode(out, 0)).isZero();
        assertThat(exitCode(out, 130)).isEqualTo(130);
        assertThat(err.size()).isZero();
    }

    @Test
    void lostOutputIsAFailure() {
        var out = failing("No space left on device");
        assertThat(exitCode(out, 0)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("hadal: standard output cannot be written (No space left on device)");
        assertThat(exitCode(out, 2)).isEqualTo(2);
    }

    @Test
    void aReaderThatHasSeenEnoughIsNone() {
        assertThat(exitCode(failing("Broken pipe"), 0)).isZero();
        assertThat(err.size()).isZero();
    }
}
