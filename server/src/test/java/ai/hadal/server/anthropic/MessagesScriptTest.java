package ai.hadal.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.hadal.server.ServerUnderTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The Messages API as Anthropic's own client for JavaScript sees it. Needs Node.js, and once the registry.
@Tag("slow")
class MessagesScriptTest {

    private static final Path SOURCE = Path.of("src/test/js/anthropic");
    private static final Path PLACE = Path.of("target/js/anthropic");
    private static final Pattern NO_REGISTRY =
            Pattern.compile("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network|\\bE40[137]\\b");
    private static final int MINUTES = 5;

    private record Ended(int status, String output) {}

    private static Ended run(Map<String, String> environment, List<String> command) throws Exception {
        var builder = new ProcessBuilder(command).directory(PLACE.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Path output = PLACE.resolve("output.txt");
        var process = builder.redirectOutput(output.toFile()).start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }

    private static boolean exists(String program) throws Exception {
        try {
            return run(Map.of(), List.of(program, "--version")).status() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void theScriptPasses() throws Exception {
        Files.createDirectories(PLACE);
        for (String file : List.of("package.json", "package-lock.json", "messages.mjs")) {
            Files.copy(SOURCE.resolve(file), PLACE.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        assumeTrue(exists("node") && exists("npm"), "Node.js is not installed");
        var installed = run(Map.of(), List.of("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund"));
        assumeTrue(
                installed.status() == 0
                        || !NO_REGISTRY.matcher(installed.output()).find(),
                () -> "the npm registry cannot be reached: " + installed.output());
        assertThat(installed.status()).as(installed.output()).isZero();

        try (var server = ServerUnderTest.start(config -> config.withApiKeys(Map.of("tester", "secret")))) {
            var script = run(
                    Map.of("HADAL_URL", server.uri("").toString(), "HADAL_KEY", "secret"),
                    List.of("node", "--test", "messages.mjs"));
            assertThat(script.status()).as(script.output()).isZero();
        }
    }
}
