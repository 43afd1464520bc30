package ai.hadal.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A response of server-sent events. Every event leaves at once; a client that has gone shows as an
/// exception.
public final class EventStream implements AutoCloseable {

    private final OutputStream out;
    private long named;

    /// @param out where the events go; closed with this
    public EventStream(OutputStream out) {
        this.out = out;
    }

    /// Begins the response.
    public static EventStream begin(ServerResponse response) {
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        response.header("X-Accel-Buffering", "no");
        return new EventStream(response.outputStream());
    }

    /// An event without a name.
    public void data(JsonNode json) throws IOException {
        write("data: " + json + "\n\n");
    }

    /// An event without a name.
    public void data(String line) throws IOException {
        write("data: " + line + "\n\n");
    }

    /// An event with a name.
    public void event(String name, JsonNode json) throws IOException {
        named++;
        write("event: " + name + "\ndata: " + json + "\n\n");
    }

    /// How many events with names there were.
    public long named() {
        return named;
    }

    /// A line that clients pass over: shows that the server is alive, and finds out whether the client is.
    private void comment(String text) throws IOException {
        write(": " + text + "\n\n");
    }

    /// Tells how much of a prompt is read, as a comment.
    public void prefill(long done, long total) throws IOException {
        comment("prefill " + done + "/" + total);
    }

    /// Tells that the server is alive, as a comment.
    public void keepAlive() throws IOException {
        comment("keep-alive");
    }

    private void write(String text) throws IOException {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException | UncheckedIOException | CloseConnectionException e) {
            throw new ClientGoneException(e);
        }
    }

    /// The client does not read any more.
    public static final class ClientGoneException extends IOException {

        private static final long serialVersionUID = 1L;

        ClientGoneException(@Nullable Throwable cause) {
            super("the client closed the connection", cause);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } catch (IOException | UncheckedIOException | CloseConnectionException e) {
            throw new ClientGoneException(e);
        }
    }
}
