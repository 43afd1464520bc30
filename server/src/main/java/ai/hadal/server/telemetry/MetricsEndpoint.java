package ai.hadal.server.telemetry;

import ai.hadal.server.http.Call;
import io.helidon.http.HeaderNames;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// `GET /metrics` in Prometheus' text format.
public final class MetricsEndpoint {

    private final Metrics metrics;
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    public MetricsEndpoint(Metrics metrics) {
        this.metrics = metrics;
    }

    public void get(Call call) throws IOException {
        var out = new ByteArrayOutputStream();
        writer.write(out, metrics.registry().scrape(), EscapingScheme.DEFAULT);
        call.response().header(HeaderNames.CONTENT_TYPE, PrometheusTextFormatWriter.CONTENT_TYPE);
        call.send(out.toByteArray());
    }
}
