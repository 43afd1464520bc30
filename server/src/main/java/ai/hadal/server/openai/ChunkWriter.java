package ai.hadal.server.openai;

import ai.hadal.server.http.EventStream;
import ai.hadal.server.reply.Finish;
import java.io.IOException;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// A stream of chunks, one choice each, with the token counts in a last one if they are wanted.
///
/// @param head makes a new chunk
/// @param usage whether a last chunk counts tokens
record ChunkWriter(Supplier<ObjectNode> head, boolean usage, EventStream events) {

    void send(ObjectNode choice) throws IOException {
        ObjectNode chunk = head.get();
        chunk.putArray("choices").add(choice);
        if (usage) {
            chunk.putNull("usage");
        }
        events.data(chunk);
    }

    /// @param counts the token counts
    /// @param finishes of all choices
    void end(Supplier<ObjectNode> counts, TreeMap<Integer, Finish> finishes) throws IOException {
        if (usage) {
            ObjectNode chunk = head.get();
            chunk.putArray("choices");
            chunk.set("usage", counts.get());
            chunk.set("timings", UsageJson.timings(finishes.firstEntry().getValue()));
            events.data(chunk);
        }
        events.data("[DONE]");
    }
}
