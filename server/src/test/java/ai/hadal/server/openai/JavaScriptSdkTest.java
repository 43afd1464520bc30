package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.hadal.server.ServerUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// OpenAI's JavaScript client: `src/test/js/openai/sdk.test.mjs` against a server.
@Tag("slow")
class JavaScriptSdkTest {

    private static final Path SOURCES = Path.of("src/test/js/openai");
    private static final Path FOLDER = Path.of("target/js/openai");
    private static final String KEY = "sk-abyss";
    private static final int MOST_MINUTES = 5;

    private record Outcome(int status, String output) {}

    @Test
    void isContent() throws IOException, InterruptedException {
        assumeTrue(isThere("node") && isThere("npm"), "there is no Node.js here; install it to run this test");
        Files.createDirectories(FOLDER);
        for (String file : new String[] {"package.json", "package-lock.json", "sdk.test.mjs"}) {
            Files.copy(SOURCES.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        var installed = run(Map.of(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        assumeTrue(installed.status() == 0, "npm cannot fetch the client: " + installed.output());
        try (var server = ServerUnderTest.start(config -> config.withApiKeys(Map.of("tests", KEY)))) {
            var environment = Map.of("BASE_URL", server.uri("/v1").toString(), "API_KEY", KEY);
            var tested = run(environment, "node", "--test", "sdk.test.mjs");
            assertThat(tested.status()).as(tested.output()).isZero();
        }
    }

    private static boolean isThere(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static Outcome run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path output = FOLDER.resolve(command[0] + ".log");
        var builder = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            return new Outcome(-1, "no end in " + MOST_MINUTES + " minutes: " + Files.readString(output));
        }
        return new Outcome(process.exitValue(), Files.readString(output));
    }
}
