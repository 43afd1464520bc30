package ai.hadal.server.operations;

import ai.hadal.engine.prefix.PrefixCache;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.ApiException.Kind;
import ai.hadal.server.http.Call;
import ai.hadal.server.reply.ReplyService;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `GET /health` (the process lives), `GET /ready` (it takes requests, and is warm) and `GET /load` (what it is doing).
public final class Status {

    private static final long NANOS = 1_000_000_000L;

    private final String model;
    private final ReplyService service;
    private final PrefixCache cache;
    private final LoadMeter meter;
    private final BooleanSupplier warm;
    private final long started = System.nanoTime();

    /// @param warm whether the server has warmed up
    public Status(String model, ReplyService service, PrefixCache cache, LoadMeter meter, BooleanSupplier warm) {
        this.cache = cache;
        this.model = model;
        this.service = service;
        this.meter = meter;
        this.warm = warm;
    }

    public void health(Call call) {
        call.send(JsonNodeFactory.instance.objectNode().put("status", "ok"));
    }

    public void ready(Call call) {
        if (!service.scheduler().takesRequests()) {
            throw new ApiException(
                    Kind.UNAVAILABLE, "shutting_down", null, "the server is shutting down; ask another one");
        }
        if (!warm.getAsBoolean()) {
            throw new ApiException(
                    Kind.UNAVAILABLE, "warming_up", null, "the server is warming up; ask again in a few seconds");
        }
        call.send(JsonNodeFactory.instance.objectNode().put("status", "ready"));
    }

    public void load(Call call) {
        var engine = service.engine();
        var load = service.scheduler().load();
        var speed = meter.speed();
        var stats = cache.stats();
        long hits = stats.memory().count() + stats.store().count();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("model", model)
                .put("profile", engine.model().numerics().name())
                .put("context", engine.contextLength())
                .put("running", load.running())
                .put("waiting", load.waiting())
                .put("reserved_bytes", load.reservedBytes())
                .put("sequence_bytes", service.scheduler().options().sequenceBytes())
                .put("cache_bytes", stats.bytes())
                .put("cache_hit_rate", hits == 0 ? 0 : (double) hits / (hits + stats.misses()))
                .put("prefill_tokens_per_second", speed.prefill())
                .put("decode_tokens_per_second", speed.decode())
                .put("uptime_seconds", (System.nanoTime() - started) / NANOS);
        call.send(json);
    }
}
