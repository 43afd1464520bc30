package ai.hadal.server;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.server.connection.Patience;
import ai.hadal.server.reply.Quota;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a server runs.
///
/// @param host address to listen at
/// @param port 0 for any free one
/// @param modelName what clients call the model
/// @param mode how much the model reasons if a request does not say
/// @param apiKeys secret by name; none if everyone who reaches the port may ask
/// @param tls certificate and key, null for plain HTTP
/// @param corsOrigins origins whose pages may call the server, `*` for all; none by default
/// @param limits what requests may take
/// @param memory what the server may take
/// @param disk where cached prefixes outlive the process, null for nowhere
/// @param otlpEndpoint where traces go, such as `http://localhost:4318/v1/traces`; null for nowhere
/// @param auditLog the file that gets every answer with all that it depended on, null for none
/// @param parseSpecial recognise special tokens in what clients say too, see [ai.hadal.chat.ChatOptions]
/// @param warmUp the most time that the model may be run for nothing before the server says that it is ready, so that
///     the first answer comes as fast as later ones; zero for none
public record ServerConfig(
        String host,
        int port,
        String modelName,
        ThinkingMode mode,
        Map<String, String> apiKeys,
        @Nullable Tls tls,
        List<String> corsOrigins,
        Limits limits,
        Memory memory,
        @Nullable Disk disk,
        @Nullable String otlpEndpoint,
        @Nullable Path auditLog,
        boolean parseSpecial,
        Duration warmUp) {

    /// PEM files.
    public record Tls(Path certificate, Path key) {}

    /// What requests may take.
    ///
    /// @param maxBodyBytes longest request body
    /// @param patience how long a client may take to send a request
    /// @param maxConnections most open connections
    /// @param defaultMaxTokens most tokens of an answer whose request names no limit
    /// @param maxSequences most answers that grow at once
    /// @param maxWaiting most requests that wait
    /// @param maxRunningPerTenant most requests of one key, or of one address without keys, that run at
    ///     once
    /// @param maxWaitingPerTenant most of those that wait
    /// @param quota what one key, or one address without keys, may use in a time
    /// @param keepAlive how long a stream may be silent
    public record Limits(
            long maxBodyBytes,
            Patience patience,
            int maxConnections,
            int defaultMaxTokens,
            int maxSequences,
            int maxWaiting,
            int maxRunningPerTenant,
            int maxWaitingPerTenant,
            Quota quota,
            Duration keepAlive) {

        public static Limits defaults() {
            return new Limits(
                    64L << 20, Patience.defaults(), 1024, 32_768, 64, 256, 64, 256, Quota.NONE, Duration.ofSeconds(10));
        }

        public Limits withPatience(Patience patience) {
            return with(patience, quota);
        }

        public Limits withQuota(Quota quota) {
            return with(patience, quota);
        }

        private Limits with(Patience patience, Quota quota) {
            return new Limits(
                    maxBodyBytes,
                    patience,
                    maxConnections,
                    defaultMaxTokens,
                    maxSequences,
                    maxWaiting,
                    maxRunningPerTenant,
                    maxWaitingPerTenant,
                    quota,
                    keepAlive);
        }
    }

    /// Java heap for what makes later requests faster.
    ///
    /// @param cacheBytes for prefixes
    /// @param turnBytes for what the model said in earlier turns, and as much again for stored responses
    public record Memory(long cacheBytes, long turnBytes) {}

    /// A folder of cached prefixes.
    ///
    /// @param maxBytes bound of its files
    public record Disk(Path folder, long maxBytes) {}

    /// Port 8080 of this machine alone, no keys.
    public static ServerConfig defaults(String modelName) {
        return new ServerConfig(
                InetAddress.getLoopbackAddress().getHostAddress(),
                8080,
                modelName,
                ThinkingMode.HIGH,
                Map.of(),
                null,
                List.of(),
                Limits.defaults(),
                new Memory(Runtime.getRuntime().maxMemory() / 4, 64L << 20),
                null,
                null,
                null,
                false,
                Duration.ZERO);
    }

    public ServerConfig {
        apiKeys = Map.copyOf(apiKeys);
        corsOrigins = List.copyOf(corsOrigins);
    }

    public ServerConfig withHost(String host) {
        return with(copy -> copy.host = host);
    }

    public ServerConfig withOtlpEndpoint(String url) {
        return with(copy -> copy.otlpEndpoint = url);
    }

    public ServerConfig withPort(int port) {
        return with(copy -> copy.port = port);
    }

    public ServerConfig withApiKeys(Map<String, String> keys) {
        return with(copy -> copy.apiKeys = keys);
    }

    public ServerConfig withTls(Tls files) {
        return with(copy -> copy.tls = files);
    }

    public ServerConfig withLimits(Limits limits) {
        return with(copy -> copy.limits = limits);
    }

    public ServerConfig withMode(ThinkingMode mode) {
        return with(copy -> copy.mode = mode);
    }

    public ServerConfig withDisk(Disk disk) {
        return with(copy -> copy.disk = disk);
    }

    public ServerConfig withMemory(Memory memory) {
        return with(copy -> copy.memory = memory);
    }

    public ServerConfig withAuditLog(Path file) {
        return with(copy -> copy.auditLog = file);
    }

    public ServerConfig withParseSpecial(boolean parse) {
        return with(copy -> copy.parseSpecial = parse);
    }

    public ServerConfig withWarmUp(Duration most) {
        return with(copy -> copy.warmUp = most);
    }

    /// The components of a copy, to change one of them.
    private static final class Copy {
        private String host;
        private int port;
        private String modelName;
        private ThinkingMode mode;
        private Map<String, String> apiKeys;
        private @Nullable Tls tls;
        private List<String> corsOrigins;
        private Limits limits;
        private Memory memory;
        private @Nullable Disk disk;
        private @Nullable String otlpEndpoint;
        private @Nullable Path auditLog;
        private boolean parseSpecial;
        private Duration warmUp;

        Copy(ServerConfig from) {
            host = from.host;
            port = from.port;
            modelName = from.modelName;
            mode = from.mode;
            apiKeys = from.apiKeys;
            tls = from.tls;
            corsOrigins = from.corsOrigins;
            limits = from.limits;
            memory = from.memory;
            disk = from.disk;
            otlpEndpoint = from.otlpEndpoint;
            auditLog = from.auditLog;
            parseSpecial = from.parseSpecial;
            warmUp = from.warmUp;
        }

        ServerConfig whole() {
            return new ServerConfig(
                    host,
                    port,
                    modelName,
                    mode,
                    apiKeys,
                    tls,
                    corsOrigins,
                    limits,
                    memory,
                    disk,
                    otlpEndpoint,
                    auditLog,
                    parseSpecial,
                    warmUp);
        }
    }

    private ServerConfig with(Consumer<Copy> change) {
        var copy = new Copy(this);
        change.accept(copy);
        return copy.whole();
    }
}
