package ai.hadal.cli.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The data of a stream of server-sent events (WHATWG HTML, section 9.2). Comments, names and ids are passed
/// over, and so is an event whose blank line never came.
final class ServerEvents {

    /// No answer comes in pieces as large as this.
    private static final int MOST_CHARS = 1 << 24;

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final String DATA = "data";

    private final Reader in;
    private final Runnable alive;
    private final StringBuilder line = new StringBuilder();
    private boolean begun;
    private boolean afterReturn;

    /// @param alive hears of every comment: servers send them while there is nothing to say yet
    ServerEvents(InputStream in, Runnable alive) {
        this.alive = alive;
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /// The data of the next event, its lines joined by newlines; null at the end.
    @Nullable
    String next() throws IOException {
        var data = new StringBuilder();
        boolean any = false;
        while (readLine()) {
            if (line.isEmpty()) {
                if (any) {
                    return data.toString();
                }
                continue;
            }
            int colon = line.indexOf(":");
            if (colon == 0) {
                alive.run();
            }
            String field = colon < 0 ? line.toString() : line.substring(0, colon);
            if (field.equals(DATA)) {
                data.append(any ? "\n" : "").append(value(colon));
                any = true;
                check(data.length());
            }
        }
        return null;
    }

    private String value(int colon) {
        if (colon < 0) {
            return "";
        }
        int from = colon + 1;
        return line.substring(from < line.length() && line.charAt(from) == ' ' ? from + 1 : from);
    }

    /// Reads a line that ends in CR, LF or both; false where the stream ends before.
    private boolean readLine() throws IOException {
        line.setLength(0);
        for (int c = in.read(); c >= 0; c = in.read()) {
            boolean secondHalf = afterReturn && c == '\n';
            boolean mark = !begun && c == BYTE_ORDER_MARK;
            begun = true;
            afterReturn = c == '\r';
            if (secondHalf || mark) {
                continue;
            }
            if (c == '\n' || c == '\r') {
                return true;
            }
            line.append((char) c);
            check(line.length());
        }
        return false;
    }

    private static void check(int length) throws IOException {
        if (length > MOST_CHARS) {
            throw new IOException("an event of more than " + MOST_CHARS + " characters");
        }
    }
}
