package ai.hadal.server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A connection for bytes that no HTTP client would send.
final class RawConnection implements AutoCloseable {

    private static final int MOST_MILLIS = 60_000;

    private final Socket socket;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    RawConnection(URI server) {
        this(connect(server));
    }

    /// @param socket a connection, closed with this
    RawConnection(Socket socket) {
        this.socket = socket;
    }

    /// A request of ASCII.
    static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    static Socket connect(URI server) {
        try {
            var socket = new Socket(server.getHost(), server.getPort());
            socket.setSoTimeout(MOST_MILLIS);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawConnection send(String latin1) throws IOException {
        socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /// Sends nothing more.
    RawConnection finish() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /// Reads some bytes of what the server answers.
    byte[] read(int bytes) throws IOException {
        return socket.getInputStream().readNBytes(bytes);
    }

    /// Sends bytes one by one, each after a pause in which nothing came, until an answer does.
    ///
    /// @return the answer, up to the end of the connection
    Answer drip(String latin1, int pauseMillis) throws IOException {
        for (int i = 0; i < latin1.length(); i++) {
            try {
                send(latin1.substring(i, i + 1));
                if (!isSilent(pauseMillis)) {
                    break;
                }
            } catch (SocketException _) {
                // The server has closed the connection; what it said before may still be there.
                break;
            }
        }
        try {
            return answer();
        } catch (SocketException _) {
            return new Answer(said.toString(StandardCharsets.UTF_8));
        }
    }

    /// Whether the server neither says anything nor closes the connection for some time.
    boolean isSilent(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            int next = socket.getInputStream().read();
            if (next >= 0) {
                said.write(next);
            }
            return false;
        } catch (SocketTimeoutException _) {
            return true;
        } finally {
            socket.setSoTimeout(MOST_MILLIS);
        }
    }

    /// The next answer that says how long it is.
    Answer next() throws IOException {
        var in = socket.getInputStream();
        var head = new StringBuilder(said.toString(StandardCharsets.ISO_8859_1));
        said.reset();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the connection was closed after: " + head);
            }
            head.append((char) next);
        }
        int length = Integer.parseInt(new Answer(head.toString()).header("content-length"));
        return new Answer(head + new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    /// All that the server answers until it closes the connection.
    Answer answer() throws IOException {
        said.write(socket.getInputStream().readAllBytes());
        return new Answer(said.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A response as it came, "" if the connection was closed without one.
    record Answer(String text) {

        int status() {
            return Integer.parseInt(text.split(" ", 3)[1]);
        }

        String header(String name) {
            return text.substring(0, text.indexOf("\r\n\r\n"))
                    .lines()
                    .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }

        String body() {
            return text.substring(text.indexOf("\r\n\r\n") + 4);
        }

        JsonNode json() {
            return JsonMapper.shared().readTree(body());
        }
    }
}
