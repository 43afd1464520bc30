package ai.hadal.server.telemetry;

import ai.hadal.error.HadalException;
import ai.hadal.server.reply.Caller;
import ai.hadal.server.reply.Finish;
import ai.hadal.server.reply.ReplyObserver;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An OpenTelemetry span for every answer, with one inside it for the queue, the prompt and the tokens;
/// attributes are those of the conventions for generative models, and no span holds a word of what was
/// said. A span belongs to the trace that the client named in `traceparent`.
public final class Tracing implements ReplyObserver, AutoCloseable {

    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("gen_ai.operation.name");
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("gen_ai.provider.name");
    private static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");
    private static final AttributeKey<Long> INPUT = AttributeKey.longKey("gen_ai.usage.input_tokens");
    private static final AttributeKey<Long> CACHED = AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
    private static final AttributeKey<Long> OUTPUT = AttributeKey.longKey("gen_ai.usage.output_tokens");
    private static final AttributeKey<List<String>> REASONS =
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
    private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("gen_ai.response.id");

    private static final TextMapGetter<Map<String, String>> GETTER = new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // abstract all the same
        public Iterable<String> keys(Map<String, String> carrier) {
            return carrier.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
            return carrier == null ? null : carrier.get(key);
        }
    };

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final String model;

    private Tracing(SpanExporter exporter, String model) {
        this.provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "hadal"))))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                .build();
        this.tracer = provider.get("ai.hadal.server");
        this.model = model;
    }

    /// Sends spans to a collector that speaks OTLP over HTTP.
    ///
    /// @param endpoint such as `http://localhost:4318/v1/traces`
    /// @throws HadalException if that is no address
    public static Tracing to(String endpoint, String model) {
        try {
            return new Tracing(
                    OtlpHttpSpanExporter.builder().setEndpoint(endpoint).build(), model);
        } catch (IllegalArgumentException e) {
            throw new HadalException(
                    "traces cannot be sent to '" + endpoint
                            + "' (--otlp-endpoint); give a URL such as http://localhost:4318/v1/traces",
                    e);
        }
    }

    @Override
    public void answered(Caller caller, Finish finish) {
        var timings = finish.timings();
        long end = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        long decodeStart = end - timings.decode();
        long prefillStart = decodeStart - timings.prefill();
        long start = prefillStart - timings.waited();
        var span = tracer.spanBuilder("chat " + model)
                .setParent(parent(caller))
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(start, TimeUnit.NANOSECONDS)
                .setAttribute(OPERATION, "chat")
                .setAttribute(SYSTEM, "hadal")
                .setAttribute(MODEL, model)
                .setAttribute(INPUT, finish.usage().prompt())
                .setAttribute(CACHED, finish.usage().cached())
                .setAttribute(OUTPUT, finish.usage().output())
                .setAttribute(REASONS, List.of(finish.reason().name().toLowerCase(Locale.ROOT)))
                .setAttribute(REQUEST, caller.requestId())
                .startSpan();
        part(span, "queue", start, prefillStart);
        part(span, "prefill", prefillStart, decodeStart);
        part(span, "decode", decodeStart, end);
        span.end(end, TimeUnit.NANOSECONDS);
    }

    private static Context parent(Caller caller) {
        return caller.traceParent().isEmpty()
                ? Context.root()
                : W3CTraceContextPropagator.getInstance()
                        .extract(Context.root(), Map.of("traceparent", caller.traceParent()), GETTER);
    }

    private void part(Span span, String name, long start, long end) {
        tracer.spanBuilder(name)
                .setParent(Context.root().with(span))
                .setStartTimestamp(start, TimeUnit.NANOSECONDS)
                .startSpan()
                .end(end, TimeUnit.NANOSECONDS);
    }

    /// Sends what is left.
    @Override
    public void close() {
        provider.close();
    }
}
