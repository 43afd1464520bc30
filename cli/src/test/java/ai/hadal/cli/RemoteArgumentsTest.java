package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Which key is sent.
class RemoteArgumentsTest {

    @Command
    private static final class Tool {
        @Mixin
        private RemoteArguments remote;
    }

    private static String sent(Map<String, String> environment, String... options) {
        try (var fake = new FakeServer()) {
            var tool = new Tool();
            var words = new ArrayList<>(List.of(options));
            words.addAll(List.of("--connect", fake.url()));
            new CommandLine(tool).parseArgs(words.toArray(String[]::new));
            try (var server = tool.remote.server(environment)) {
                assertThat(server.models()).containsExactly("deep", "flat");
            }
            return fake.keys.getFirst();
        }
    }

    @Test
    void theOptionGoesBeforeTheEnvironmentAndHadalsVariableFirst() {
        var both = Map.of("HADAL_API_KEY", "own", "OPENAI_API_KEY", "other");
        assertThat(sent(both, "--api-key", "given")).isEqualTo("Bearer given");
        assertThat(sent(both)).isEqualTo("Bearer own");
        assertThat(sent(Map.of("OPENAI_API_KEY", "other", "HADAL_API_KEY", " ")))
                .isEqualTo("Bearer other");
        assertThat(sent(Map.of())).isEmpty();
    }
}
