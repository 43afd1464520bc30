package ai.hadal.cli;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
import ai.hadal.server.ServerConfig;
import ai.hadal.server.ServerConfig.Disk;
import ai.hadal.server.ServerConfig.Limits;
import ai.hadal.server.ServerConfig.Memory;
import ai.hadal.server.ServerConfig.Tls;
import ai.hadal.server.connection.Patience;
import ai.hadal.server.reply.Quota;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of a server. Names are those of vLLM and llama.cpp where they have them.
final class ServeOptions {

    private static final long MIB = 1L << 20;
    private static final long MOST_MIB = Long.MAX_VALUE / MIB;
    private static final int PORTS = 65_535;
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Where to listen: this machine alone by default, 0.0.0.0 for all networks.")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "The port, 0 for any free one (default: 8080).")
    private int port = 8080;

    @Option(
            names = {"-a", "--alias", "--served-model-name"},
            paramLabel = "NAME",
            description = "What clients call the model (default: the name of its folder or file).")
    private @Nullable String alias;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = Modes.class,
            completionCandidates = Modes.Names.class,
            description = "How much the model reasons if a request does not say: non-think, high (default) or max.")
    private ThinkingMode mode = ThinkingMode.HIGH;

    @Option(
            names = "--api-key",
            paramLabel = "[NAME=]KEY",
            description = "A key that requests must bring; several may be given, each with limits of its own.")
    private List<String> apiKeys = new ArrayList<>();

    @Option(names = "--api-key-file", paramLabel = "FILE", description = "A file with such keys, one a line.")
    private @Nullable Path apiKeyFile;

    @Option(names = "--ssl-certfile", paramLabel = "PEM", description = "The certificate, for HTTPS.")
    private @Nullable Path certificate;

    @Option(names = "--ssl-keyfile", paramLabel = "PEM", description = "The certificate's private key.")
    private @Nullable Path key;

    @Option(
            names = "--cors-origin",
            paramLabel = "ORIGIN",
            description = "An origin whose web pages may call the server, * for all (default: none).")
    private List<String> corsOrigins = new ArrayList<>();

    @Option(
            names = {"--max-num-seqs", "-np", "--parallel"},
            paramLabel = "N",
            defaultValue = "64",
            description = "The most answers that grow at once (default: 64).")
    private int maxSequences = 64;

    @Option(
            names = "--max-waiting",
            paramLabel = "N",
            defaultValue = "256",
            description = "The most requests that wait; more are refused (default: 256).")
    private int maxWaiting = 256;

    @Option(
            names = "--key-max-running",
            paramLabel = "N",
            description = "The most requests of one key that run at once (default: --max-num-seqs).")
    private @Nullable Integer keyRunning;

    @Option(
            names = "--key-max-waiting",
            paramLabel = "N",
            description = "The most requests of one key that wait (default: --max-waiting).")
    private @Nullable Integer keyWaiting;

    @Option(
            names = "--key-requests-per-minute",
            paramLabel = "N",
            defaultValue = "0",
            description = "The most requests for answers of one key a minute (default: 0, no limit).")
    private long keyRequestsPerMinute;

    @Option(
            names = "--key-tokens-per-minute",
            paramLabel = "N",
            defaultValue = "0",
            description = "The most tokens of one key a minute: those of answers, and of prompts what was not cached"
                    + " (default: 0, no limit).")
    private long keyTokensPerMinute;

    @Option(
            names = "--key-tokens-per-day",
            paramLabel = "N",
            defaultValue = "0",
            description = "The most of them a day (default: 0, no limit).")
    private long keyTokensPerDay;

    @Option(
            names = {"-n", "--max-tokens"},
            paramLabel = "N",
            defaultValue = "32768",
            description = "The most tokens of an answer whose request names no limit (default: 32768).")
    private int maxTokens = 32_768;

    @Option(
            names = "--cache-ram",
            paramLabel = "MIB",
            description = "Java heap for the prefix cache (default: a quarter of the heap).")
    private @Nullable Long cacheMib;

    @Option(
            names = "--cache-dir",
            paramLabel = "FOLDER",
            description = "Where cached prefixes outlive the process (default: nowhere).")
    private @Nullable Path cacheFolder;

    @Option(
            names = "--cache-disk",
            paramLabel = "MIB",
            defaultValue = "16384",
            description = "The most that they may take there (default: 16384).")
    private long cacheDiskMib = 16_384;

    @Option(
            names = "--max-body",
            paramLabel = "MIB",
            defaultValue = "64",
            description = "The longest request (default: 64).")
    private long bodyMib = 64;

    @Option(
            names = "--read-timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long a client may pause while it sends a request, and before the next (default: 30).")
    private int readSeconds = 30;

    @Option(
            names = "--header-timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long a request's headers may take in all, and a TLS handshake (default: 30).")
    private int headerSeconds = 30;

    @Option(
            names = "--min-body-rate",
            paramLabel = "BYTES",
            defaultValue = "8192",
            description = "How many bytes a second a request's body must come with (default: 8192).")
    private long bodyRate = 8192;

    @Option(
            names = "--otlp-endpoint",
            paramLabel = "URL",
            description =
                    "Where to send traces, by OTLP over HTTP: http://localhost:4318/v1/traces (default: nowhere).")
    private @Nullable String otlpEndpoint;

    @Option(
            names = "--audit-log",
            paramLabel = "FILE",
            description = "A file that gets every answer with all that it depended on, as tokens; see hadal replay.")
    private @Nullable Path auditLog;

    @Option(
            names = "--parse-special",
            description =
                    "Recognise special tokens in what clients say too, as the official encoding does. Unsafe: what"
                            + " they or their tools' results say may forge a turn.")
    private boolean parseSpecial;

    @Option(
            names = "--no-warmup",
            description = "Be ready at once; the first answers are slow while code is being compiled.")
    private boolean noWarmUp;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long running answers may take to end when the server is stopped (default: 30).")
    private int drainSeconds = 30;

    /// How long running answers may take to end.
    Duration drain() {
        return Duration.ofSeconds(drainSeconds);
    }

    /// @param model the checkpoint
    /// @throws HadalException if an option is out of range or a file of keys cannot be read
    ServerConfig config(Path model) {
        if (port < 0 || port > PORTS) {
            throw new HadalException("--port is " + port + "; it must be 0 to " + PORTS);
        }
        require(maxTokens, "--max-tokens");
        require(maxSequences, "--max-num-seqs");
        requireLeast(maxWaiting, 0, "--max-waiting");
        if (keyRunning != null) {
            require(keyRunning, "--key-max-running");
        }
        if (keyWaiting != null) {
            requireLeast(keyWaiting, 0, "--key-max-waiting");
        }
        requireMib(bodyMib, 1, "--max-body");
        requireMib(cacheDiskMib, 1, "--cache-disk");
        if (cacheMib != null) {
            requireMib(cacheMib, 0, "--cache-ram");
        }
        requireLeast(drainSeconds, 0, "--drain");
        require(readSeconds, "--read-timeout");
        require(headerSeconds, "--header-timeout");
        require(bodyRate, "--min-body-rate");
        requireLimit(keyRequestsPerMinute, "--key-requests-per-minute");
        requireLimit(keyTokensPerMinute, "--key-tokens-per-minute");
        requireLimit(keyTokensPerDay, "--key-tokens-per-day");
        if ((certificate == null) != (key == null)) {
            throw new HadalException("HTTPS needs both --ssl-certfile and --ssl-keyfile; give the other one too");
        }
        var defaults = ServerConfig.defaults(alias == null ? name(model) : alias);
        var limits = Limits.defaults();
        return new ServerConfig(
                host,
                port,
                defaults.modelName(),
                mode,
                KeyEntries.read(apiKeys, apiKeyFile),
                certificate == null || key == null ? null : new Tls(certificate, key),
                corsOrigins,
                new Limits(
                        bodyMib * MIB,
                        new Patience(Duration.ofSeconds(readSeconds), Duration.ofSeconds(headerSeconds), bodyRate),
                        limits.maxConnections(),
                        maxTokens,
                        maxSequences,
                        maxWaiting,
                        keyRunning == null ? maxSequences : keyRunning,
                        keyWaiting == null ? maxWaiting : keyWaiting,
                        new Quota(keyRequestsPerMinute, keyTokensPerMinute, keyTokensPerDay),
                        limits.keepAlive()),
                cacheMib == null
                        ? defaults.memory()
                        : new Memory(cacheMib * MIB, defaults.memory().turnBytes()),
                cacheFolder == null ? null : new Disk(cacheFolder, cacheDiskMib * MIB),
                otlpEndpoint,
                auditLog,
                parseSpecial,
                noWarmUp ? Duration.ZERO : WARM_UP);
    }

    private static void require(long value, String option) {
        requireLeast(value, 1, option);
    }

    private static void requireLeast(long value, int least, String option) {
        if (value < least) {
            throw new HadalException(option + " is " + value + "; it must be " + least + " or more");
        }
    }

    private static void requireMib(long value, int least, String option) {
        requireLeast(value, least, option);
        if (value > MOST_MIB) {
            throw new HadalException(option + " is " + value + " MiB; it must be " + MOST_MIB + " or less");
        }
    }

    private static void requireLimit(long value, String option) {
        if (value < 0) {
            throw new HadalException(option + " is " + value + "; it must be 1 or more, or 0 for no limit");
        }
    }

    private static String name(Path model) {
        String name = model.toAbsolutePath().normalize().getFileName().toString();
        return name.endsWith(".gguf") ? name.substring(0, name.length() - ".gguf".length()) : name;
    }
}
