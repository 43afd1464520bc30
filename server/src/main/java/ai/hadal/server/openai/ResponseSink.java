package ai.hadal.server.openai;

import ai.hadal.server.http.EventStream;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Where the events of a growing response go: to a stream, or nowhere.
final class ResponseSink {

    private final @Nullable EventStream events;
    private final long patience;
    private long told = System.nanoTime();

    /// @param events null to let them go nowhere
    /// @param patience how long there may be no event
    ResponseSink(@Nullable EventStream events, Duration patience) {
        this.events = events;
        this.patience = patience.toNanos();
    }

    /// An event that is sent with its type and number before the given fields.
    void event(String type, ObjectNode fields) throws IOException {
        if (events != null) {
            ObjectNode json =
                    JsonNodeFactory.instance.objectNode().put("type", type).put("sequence_number", events.named());
            events.event(type, json.setAll(fields));
            told = System.nanoTime();
        }
    }

    /// Tells how much of the prompt is read.
    void prefill(long done, long total) throws IOException {
        if (events != null) {
            events.prefill(done, total);
        }
    }

    /// Whether there was no event for too long.
    boolean isSilent() {
        return events != null && System.nanoTime() - told >= patience;
    }
}
