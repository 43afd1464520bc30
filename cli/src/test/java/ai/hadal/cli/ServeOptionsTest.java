package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
import ai.hadal.server.ServerConfig;
import ai.hadal.server.connection.Patience;
import ai.hadal.server.reply.Quota;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// From the command line, the environment and a file to a server's configuration.
class ServeOptionsTest {

    @TempDir
    private Path folder;

    @Command
    private static final class Probe {

        @Mixin
        private ServeOptions options = new ServeOptions();
    }

    private static ServerConfig config(Map<String, String> environment, String... arguments) {
        var probe = new Probe();
        new CommandLine(probe)
                .setDefaultValueProvider(new ServeEnvironment(environment))
                .parseArgs(arguments);
        return probe.options.config(Path.of("models/flash.gguf"));
    }

    @Test
    void defaultsServeThisMachineAlone() {
        var config = config(Map.of());
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(8080);
        assertThat(config.modelName()).isEqualTo("flash");
        assertThat(config.mode()).isEqualTo(ThinkingMode.HIGH);
        assertThat(config.apiKeys()).isEmpty();
        assertThat(config.corsOrigins()).isEmpty();
        assertThat(config.disk()).isNull();
        assertThat(config.auditLog()).isNull();
        assertThat(config.parseSpecial()).isFalse();
        assertThat(config.warmUp()).isPositive();
    }

    @Test
    void whatIsOnByDefaultCanBeTurnedOff() {
        var config = config(Map.of(), "--no-warmup", "--parse-special");
        assertThat(config.warmUp()).isZero();
        assertThat(config.parseSpecial()).isTrue();
        assertThat(config(Map.of("HADAL_SERVE_NO_WARMUP", "true")).warmUp()).isZero();
    }

    @Test
    void theCommandLineWinsOverTheEnvironment() {
        var environment =
                Map.of("HADAL_SERVE_PORT", "9000", "HADAL_SERVE_MAX_NUM_SEQS", "3", "HADAL_SERVE_ALIAS", "v4");
        var config = config(environment, "--port", "9001", "--mode", "max");
        assertThat(config.port()).isEqualTo(9001);
        assertThat(config.limits().maxSequences()).isEqualTo(3);
        assertThat(config.limits().maxRunningPerTenant()).isEqualTo(3);
        assertThat(config.modelName()).isEqualTo("v4");
        assertThat(config.mode()).isEqualTo(ThinkingMode.MAX);
    }

    @Test
    void aFileHoldsOptionsToo() throws IOException {
        Path file = Files.writeString(folder.resolve("serve.conf"), """
            # what this server is like
            --port 9100
            --cache-ram 64
            --api-key team=secret
            """);
        var config = config(Map.of(), "@" + file, "--max-body", "2");
        assertThat(config.port()).isEqualTo(9100);
        assertThat(config.memory().cacheBytes()).isEqualTo(64L << 20);
        assertThat(config.limits().maxBodyBytes()).isEqualTo(2L << 20);
        assertThat(config.apiKeys()).containsExactly(Map.entry("team", "secret"));
    }

    @Test
    void keysComeFromOptionsAndFiles() throws IOException {
        Path file = Files.writeString(folder.resolve("keys"), "# ours\nteam=s3cret\n\nplain\n");
        var config = config(Map.of(), "--api-key", "first", "--api-key-file", file.toString());
        assertThat(config.apiKeys())
                .containsOnly(Map.entry("key 1", "first"), Map.entry("team", "s3cret"), Map.entry("key 3", "plain"));
        Path marked = Files.writeString(folder.resolve("marked"), "\uFEFFteam=c2VjcmV0=\n");
        assertThat(config(Map.of(), "--api-key-file", marked.toString()).apiKeys())
                .containsExactly(Map.entry("team", "c2VjcmV0="));
        refused("two API keys are named 'a'", "--api-key", "a=1", "--api-key", "a=2");
        refused("'a' and 'key 2' are the same", "--api-key", "a=1", "--api-key", "1");
        Path empty = Files.writeString(folder.resolve("empty"), "# none yet\n\n");
        refused("holds no API key", "--api-key-file", empty.toString());
        refused("cannot read the keys in /nowhere", "--api-key-file", "/nowhere");
    }

    /// A key in Base64 ends in '=', and its message must not show it.
    @Test
    void aKeyIsNotTakenForAName() {
        for (String key : List.of("c2VjcmV0Mg==", "c2VjcmV0MjM=", "team=")) {
            assertThatThrownBy(() -> config(Map.of(), "--api-key", key))
                    .isInstanceOf(HadalException.class)
                    .hasMessageContaining("NAME=KEY")
                    .hasMessageNotContaining(key.replace("=", ""));
        }
    }

    @Test
    void aWrongVariableIsNamed() {
        var environment = new ServeEnvironment(Map.of(
                "HADAL_SERVE_PORT", "tcp://10.0.0.1:8080",
                "HADAL_SERVE_SERVICE_HOST", "10.0.0.1",
                "HADAL_SERVE_PORT_8080_TCP_ADDR", "10.0.0.1",
                "HADAL_SERVE_API_KEYS", "secret",
                "HADAL_SERVE_WHATEVER", "1"));
        var line = new CommandLine(new Probe()).setDefaultValueProvider(environment);
        assertThatThrownBy(line::parseArgs)
                .isInstanceOfSatisfying(
                        CommandLine.ParameterException.class,
                        wrong -> assertThat(environment.source(wrong)).contains("HADAL_SERVE_PORT"));
        assertThatThrownBy(() -> line.parseArgs("--port", "x"))
                .isInstanceOfSatisfying(
                        CommandLine.ParameterException.class,
                        wrong -> assertThat(environment.source(wrong)).isEmpty());
        assertThat(environment.unknown(line.getCommandSpec()))
                .containsExactly(
                        "the variable HADAL_SERVE_API_KEYS belongs to no option; did you mean HADAL_SERVE_API_KEY?",
                        "the variable HADAL_SERVE_WHATEVER belongs to no option; see hadal serve --help");
    }

    @Test
    void whatCannotBeIsSaid() {
        refused("--max-num-seqs is 0", "--max-num-seqs", "0");
        refused("--max-waiting is -1", "--max-waiting", "-1");
        refused("--key-max-running is 0", "--key-max-running", "0");
        refused("--key-max-waiting is -1", "--key-max-waiting", "-1");
        refused("--cache-ram is -1", "--cache-ram", "-1");
        refused("--cache-disk is 9999999999999", "--cache-disk", "9999999999999");
        refused("--max-body is 9223372036854775807", "--max-body", "9223372036854775807");
        refused("--drain is -1", "--drain", "-1");
        refused("--port is 70000", "--port", "70000");
        refused("--ssl-keyfile", "--ssl-certfile", "cert.pem");
        refused("--max-tokens is 0", "-n", "0");
        refused("--cache-disk is 0", "--cache-disk", "0");
        refused("--read-timeout is 0", "--read-timeout", "0");
        refused("--header-timeout is -1", "--header-timeout", "-1");
        refused("--min-body-rate is 0", "--min-body-rate", "0");
        refused("--key-requests-per-minute is -1", "--key-requests-per-minute", "-1");
        refused("--key-tokens-per-minute is -2", "--key-tokens-per-minute", "-2");
        refused("--key-tokens-per-day is -3", "--key-tokens-per-day", "-3");
    }

    @Test
    void limitsOfTimeAndUse() {
        var usual = config(Map.of()).limits();
        assertThat(usual.quota()).isEqualTo(Quota.NONE);
        assertThat(usual.patience()).isEqualTo(Patience.defaults());
        var limits = config(
                        Map.of("HADAL_SERVE_KEY_TOKENS_PER_DAY", "1000000", "HADAL_SERVE_HEADER_TIMEOUT", "5"),
                        "--key-requests-per-minute",
                        "60",
                        "--key-tokens-per-minute",
                        "50000",
                        "--read-timeout",
                        "7",
                        "--min-body-rate",
                        "100")
                .limits();
        assertThat(limits.quota()).isEqualTo(new Quota(60, 50_000, 1_000_000));
        assertThat(limits.patience()).isEqualTo(new Patience(Duration.ofSeconds(7), Duration.ofSeconds(5), 100));
    }

    private static void refused(String message, String... arguments) {
        assertThatThrownBy(() -> config(Map.of(), arguments))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining(message);
    }
}
