package ai.hadal.cli;

import ai.hadal.engine.Engine;
import ai.hadal.engine.MemoryPlan;
import ai.hadal.server.HadalServer;
import ai.hadal.server.ServerConfig;
import ai.hadal.server.reply.Quota;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// What a server says when it is ready: what is loaded, what memory it plans with, and where it listens.
///
/// @param checkpoint what is served
record ServeReport(Engine engine, HadalServer server, ServerConfig config, Path checkpoint) {

    private static final int SHORT_CONTEXT = 4096;
    private static final double MILLIS = 1000;

    void print(PrintWriter out) {
        line(out, "model", config.modelName() + " from " + checkpoint);
        line(out, "backend", engine.description());
        line(out, "context", Shown.whole(engine.contextLength()) + " tokens");
        line(out, "memory", memory());
        line(
                out,
                "limits",
                server.schedulerOptions().maxSequences() + " answers at once, "
                        + server.schedulerOptions().maxWaiting() + " requests waiting, "
                        + Shown.whole(config.limits().defaultMaxTokens())
                        + " tokens an answer unless a request says otherwise");
        line(
                out,
                "keys",
                config.apiKeys().isEmpty()
                        ? "none needed: whoever reaches the port may ask (--api-key)"
                        : config.apiKeys().size() + " ("
                                + String.join(
                                        ", ", new TreeSet<>(config.apiKeys().keySet())) + ")");
        var quota = config.limits().quota();
        if (!quota.equals(Quota.NONE)) {
            line(out, "quotas", quotas(quota) + " for each " + (config.apiKeys().isEmpty() ? "address" : "key"));
        }
        line(out, "page", server.uri().toString());
        line(out, "API", server.uri().resolve("/v1") + " (OpenAI, DeepSeek), " + server.uri() + " (Anthropic)");
        if (!config.warmUp().isZero()) {
            line(
                    out,
                    "warm-up",
                    "up to " + config.warmUp().toSeconds()
                            + " s until /ready says yes; requests are answered meanwhile (--no-warmup)");
        }
        out.println("Ctrl-C stops.");
        out.flush();
    }

    /// Says that the server has warmed up.
    void printReady(PrintWriter out, Duration warmUp) {
        line(out, "ready", "after %.1f s of warm-up".formatted(warmUp.toMillis() / MILLIS));
        out.flush();
    }

    private static void line(PrintWriter out, String name, String value) {
        out.printf("%-8s %s%n", name, value);
    }

    private static String quotas(Quota quota) {
        var parts = new ArrayList<String>();
        add(parts, quota.requestsPerMinute(), "requests a minute");
        add(parts, quota.tokensPerMinute(), "tokens a minute");
        add(parts, quota.tokensPerDay(), "tokens a day");
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, long limit, String what) {
        if (limit > 0) {
            parts.add(Shown.whole(limit) + " " + what);
        }
    }

    private String memory() {
        long heap = Runtime.getRuntime().maxMemory();
        long sequences = server.schedulerOptions().sequenceBytes();
        int tokens = Math.min(SHORT_CONTEXT, engine.contextLength());
        long each = MemoryPlan.requestBytes(engine.config(), engine.model().numerics(), tokens, 0, 1);
        long fits = Math.min(
                sequences / Math.max(1, each), server.schedulerOptions().maxSequences());
        return Shown.size(heap) + " of Java heap: " + Shown.size(config.memory().cacheBytes())
                + " for cached prefixes, "
                + Shown.size(sequences) + " for texts that grow (" + Shown.size(each) + " each at "
                + Shown.whole(tokens)
                + " tokens: " + fits + " fit)";
    }
}
