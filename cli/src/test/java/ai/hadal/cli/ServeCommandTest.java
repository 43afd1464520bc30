package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// A server that cannot start says why in a sentence.
class ServeCommandTest {

    private static final Path NANO = TinyRandom.models().resolve("nano");

    private static void refused(String why, Object... arguments) {
        var run = Hadal.run(arguments);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("hadal: ")
                .contains(why);
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void anAddressThatIsTakenOrNoneIsSaid() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused("cannot listen at 127.0.0.1 port", "serve", NANO, "--port", taken.getLocalPort());
        }
        refused("there is no address 'no such host'", "serve", NANO, "--port", 0, "--host", "no such host");
        refused("--cors-origin", "serve", NANO, "--port", 0, "--cors-origin", "example.org");
    }

    @Test
    void aMissingFileOfOptionsIsNotTakenForAModel() {
        refused("there is no file of options serve.conf", "serve", "@serve.conf");
    }
}
