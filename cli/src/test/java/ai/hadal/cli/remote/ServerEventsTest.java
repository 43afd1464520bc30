package ai.hadal.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Events from bytes that come in any pieces.
class ServerEventsTest {

    /// Hands out so many bytes at once.
    private static final class Pieces extends ByteArrayInputStream {

        private final int most;

        Pieces(String text, int most) {
            super(text.getBytes(StandardCharsets.UTF_8));
            this.most = most;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            return super.read(into, from, Math.min(length, most));
        }
    }

    private static List<String> events(String text, int piece) {
        try {
            return events(new Pieces(text, piece));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> events(InputStream in) throws IOException {
        var events = new ServerEvents(in, () -> {});
        var all = new ArrayList<String>();
        for (var data = events.next(); data != null; data = events.next()) {
            all.add(data);
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10_000})
    void piecesEndAnywhere(int piece) {
        String text =
                "data: größer 🌊\r\n\r\n: ping\r\n\r\nevent: x\nid: 1\ndata:{\"a\":\ndata: 1}\n\nretry: 5\n\ndata: end\r\r";
        assertThat(events(text, piece)).containsExactly("größer 🌊", "{\"a\":\n1}", "end");
    }

    /// While a long prompt is read, comments are all that a server says.
    @Test
    void commentsAreHeardAtOnce() throws IOException {
        var heard = new AtomicInteger();
        var events = new ServerEvents(
                new Pieces(": keep-alive\n\n: prefill 1/2\n\ndata: a\n\n:\n\n", 5), heard::incrementAndGet);
        assertThat(events.next()).isEqualTo("a");
        assertThat(heard).hasValue(2);
        assertThat(events.next()).isNull();
        assertThat(heard).hasValue(3);
    }

    @Test
    void oneSpaceAfterTheColonIsNoData() {
        assertThat(events("data:a\n\ndata: b\n\ndata:  c\n\ndata\n\ndata:\ndata:\n\n", 9))
                .containsExactly("a", "b", " c", "", "\n");
    }

    @Test
    void fieldsOfOtherNamesAndAByteOrderMarkArePassedOver() {
        assertThat(events("\uFEFFdata: a\n\n\n\ndatum: b\nDATA: c\n\n", 4)).containsExactly("a");
    }

    @Test
    void anEventWithoutItsBlankLineDidNotCome() {
        assertThat(events("data: a\n\ndata: b\n", 100)).containsExactly("a");
        assertThat(events("data: a\n\ndata: b", 100)).containsExactly("a");
        assertThat(events("", 100)).isEmpty();
    }

    @Test
    void aLineWithoutAnEndIsNotReadForEver() {
        var endless = new InputStream() {
            @Override
            public int read() {
                return 'a';
            }

            @Override
            public int read(byte[] into, int from, int length) {
                Arrays.fill(into, from, from + length, (byte) 'a');
                return length;
            }
        };
        assertThatThrownBy(() -> events(endless))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("an event of more");
    }
}
