package ai.hadal.cli;

import ai.hadal.error.HadalException;
import ai.hadal.server.http.RequestLog;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A line for each request, without a word of what was asked or answered, and one for each warning.
final class ServeLog {

    private static final int SERVER_FAULT = 500;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private ServeLog() {}

    /// @throws HadalException if there is no such format
    static RequestLog of(String format, PrintWriter err) {
        return switch (format) {
            case "text" -> entry -> text(entry, err);
            case "json" -> entry -> json(entry, err);
            case "off" -> entry -> {};
            default -> throw new HadalException("--log-format is `" + format + "`; choose text, json or off");
        };
    }

    /// Where sentences about what is wrong go. As JSON, so that every line is.
    ///
    /// @param format one that [#of] takes
    static Consumer<String> warnings(String format, PrintWriter err) {
        return warning -> {
            err.println(
                    format.equals("json")
                            ? line().put("warning", warning).toString()
                            : "hadal: " + TerminalText.line(warning));
            err.flush();
        };
    }

    private static ObjectNode line() {
        return JsonNodeFactory.instance
                .objectNode()
                .put(
                        "time",
                        OffsetDateTime.now(ZoneOffset.UTC)
                                .truncatedTo(ChronoUnit.MILLIS)
                                .toString());
    }

    private static void text(RequestLog.Entry entry, PrintWriter err) {
        String tenant = entry.tenant().isEmpty() ? "" : " " + entry.tenant();
        err.println(LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + " " + entry.method() + " "
                + TerminalText.line(entry.path()) + " " + entry.status() + " " + entry.millis() + " ms" + tenant + " "
                + entry.id() + said(entry.failure()));
        if (isServerFault(entry) && entry.failure() != null) {
            entry.failure().printStackTrace(err);
        }
        err.flush();
    }

    private static String said(@Nullable Throwable failure) {
        return failure == null ? "" : ": " + TerminalText.line(String.valueOf(failure.getMessage()));
    }

    /// What is no client's fault must be found.
    private static boolean isServerFault(RequestLog.Entry entry) {
        return entry.status() == SERVER_FAULT;
    }

    private static void json(RequestLog.Entry entry, PrintWriter err) {
        var json = line().put("request_id", entry.id())
                .put("tenant", entry.tenant())
                .put("method", entry.method())
                .put("path", entry.path())
                .put("status", entry.status())
                .put("ms", entry.millis());
        if (entry.failure() != null) {
            json.put("error", String.valueOf(entry.failure().getMessage()));
            if (isServerFault(entry)) {
                var trace = new StringWriter();
                entry.failure().printStackTrace(new PrintWriter(trace));
                json.put("trace", trace.toString());
            }
        }
        err.println(TerminalText.json(json.toString()));
        err.flush();
    }
}
