package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.server.http.RequestLog;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The lines of `--log-format`.
class ServeLogTest {

    private static RequestLog.Entry entry(int status, @Nullable Throwable failure) {
        return new RequestLog.Entry("req_1", "team", "GET", "/v1/\u001b[2J\n7", "/v1/{x}", status, 7, failure);
    }

    private static List<String> lines(String format) {
        var err = new StringWriter();
        var writer = new PrintWriter(err, true);
        var log = ServeLog.of(format, writer);
        log.done(entry(200, null));
        log.done(entry(500, new IllegalStateException("broken")));
        ServeLog.warnings(format, writer).accept("no room");
        return err.toString().lines().toList();
    }

    @Test
    void everyLineOfJsonIsJson() {
        List<JsonNode> lines =
                lines("json").stream().map(JsonMapper.shared()::readTree).toList();
        assertThat(lines)
                .hasSize(3)
                .allSatisfy(line -> assertThat(line.path("time").stringValue()).endsWith("Z"));
        assertThat(lines.get(0).path("path").stringValue()).isEqualTo("/v1/\u001b[2J\n7");
        assertThat(lines.get(0).has("error")).isFalse();
        assertThat(lines.get(1).path("error").stringValue()).isEqualTo("broken");
        assertThat(lines.get(1).path("trace").stringValue()).contains("IllegalStateException", "ServeLogTest");
        assertThat(lines.get(2).path("warning").stringValue()).isEqualTo("no room");
    }

    /// A collector that is away must not fill the log with stack traces.
    @Test
    void librariesWarnInALineToo() {
        var warnings = new ArrayList<String>();
        LibraryLog.to(warnings::add);
        LibraryLog.to(warnings::add);
        var logger = Logger.getLogger("io.opentelemetry.exporter");
        logger.info("started");
        logger.log(Level.SEVERE, "Failed to export {0} spans.", 4);
        logger.log(Level.WARNING, "Failed again.", new ConnectException("refused"));
        assertThat(warnings)
                .containsExactly(
                        "OpenTelemetry: Failed to export 4 spans.",
                        "OpenTelemetry: Failed again. (java.net.ConnectException: refused)");
    }

    @Test
    void linesOfTextMoveNoCursor() {
        var lines = lines("text");
        assertThat(lines.getFirst()).endsWith("GET /v1/\\x1b[2J\\n7 200 7 ms team req_1");
        assertThat(lines).anyMatch(line -> line.contains("at ai.hadal.cli.ServeLogTest"));
        assertThat(lines.getLast()).isEqualTo("hadal: no room");
        assertThat(lines("off")).containsExactly("hadal: no room");
    }
}
