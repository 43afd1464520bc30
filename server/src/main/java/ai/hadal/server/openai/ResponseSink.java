package ai.hadal.server.openai;

import ai.hadal.server.http.EventStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Where the events of a growing response go: to a stream, or nowhere.
final class ResponseSink {

    private final @Nullable EventStream events;

    /// @param events null to let them go nowhere
    ResponseSink(@Nullable EventStream events) {
        this.events = events;
    }

    /// An event that is sent with its type and number before the given fields.
    void event(String type, ObjectNode fields) throws IOException {
        if (events != null) {
            ObjectNode json =
                    JsonNodeFactory.instance.objectNode().put("type", type).put("sequence_number", events.named());
            events.event(type, json.setAll(fields));
        }
    }

    /// Tells how much of the prompt is read.
    void prefill(long done, long total) throws IOException {
        if (events != null) {
            events.prefill(done, total);
        }
    }

    /// Tells that the server is alive.
    void keepAlive() throws IOException {
        if (events != null) {
            events.keepAlive();
        }
    }
}
