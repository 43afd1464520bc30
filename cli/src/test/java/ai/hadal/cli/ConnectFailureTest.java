package ai.hadal.cli;

import static ai.hadal.cli.FakeServer.events;
import static ai.hadal.cli.FakeServer.finish;
import static ai.hadal.cli.FakeServer.json;
import static ai.hadal.cli.FakeServer.says;
import static ai.hadal.cli.FakeServer.send;
import static ai.hadal.cli.FakeServer.stream;
import static ai.hadal.cli.FakeServer.text;
import static ai.hadal.cli.FakeServer.whole;
import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.ReplyOptions;
import ai.hadal.cli.remote.RemoteConversation;
import ai.hadal.cli.remote.RemoteServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// Servers that fail, and people who stop them: one sentence, and the chat goes on.
class ConnectFailureTest {

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Hadal run(String... options) {
        var all = new ArrayList<Object>(List.of("run", "Hello", "--connect", server.url()));
        all.addAll(Arrays.asList(options));
        return Hadal.runWith("", all.toArray());
    }

    private void fails(String sentence, String... options) {
        var hadal = run(options);
        assertThat(hadal.err()).isEqualTo("hadal: " + server.url() + "/v1" + sentence + "\n");
        assertThat(hadal.code()).isEqualTo(2);
    }

    @Test
    void nothingListens() throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThat(Hadal.runWith("", "run", "Hello", "--connect", "localhost:" + port)
                        .err())
                .isEqualTo("hadal: nothing listens at http://localhost:" + port
                        + "/v1 (connection refused); start the server or check the address\n");
    }

    @Test
    void thereIsNoSuchHost() {
        assertThat(Hadal.runWith("", "run", "Hello", "--connect", "http://no.such.host.invalid")
                        .err())
                .isEqualTo("hadal: there is no host no.such.host.invalid; check the address"
                        + " http://no.such.host.invalid/v1\n");
    }

    /// A server that says this to whoever comes, and closes the connection.
    private static ServerSocket greeter(String greeting) throws IOException {
        var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(() -> {
            try (var visitor = socket.accept()) {
                visitor.getInputStream().read();
                visitor.getOutputStream().write(greeting.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return socket;
    }

    @Test
    void aServerWithoutTls() throws IOException {
        try (var other = greeter("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")) {
            String url = "https://localhost:" + other.getLocalPort();
            assertThat(Hadal.runWith("", "run", "Hello", "--connect", url).err())
                    .startsWith("hadal: the TLS connection to " + url + "/v1 failed (")
                    .endsWith("); check its certificate, or try http:// if it has none\n");
        }
    }

    @Test
    void aServerThatSpeaksSomethingElse() throws IOException {
        try (var other = greeter("220 mail.example ready\r\n")) {
            String url = "http://localhost:" + other.getLocalPort();
            assertThat(Hadal.runWith("", "run", "Hello", "--connect", url).err())
                    .startsWith("hadal: " + url + "/v1 closed the connection without an answer (")
                    .endsWith("); check that it is a server and speaks http\n");
        }
    }

    @Test
    void wrongKey() {
        var refusal = json(401, "{\"error\":{\"message\":\"Incorrect API key.\",\"type\":\"auth\"}}");
        server.models(refusal);
        fails(" wants a key (401: Incorrect API key.); give it with --api-key or the variable HADAL_API_KEY");
        server.then(refusal);
        fails(
                " refuses the key (401: Incorrect API key.); give another with --api-key or the variable HADAL_API_KEY",
                "--model",
                "deep",
                "--api-key",
                "k");
    }

    @ParameterizedTest
    @CsvSource({"404", "400", "422"})
    void unknownModel(int status) {
        server.then(json(status, "{\"error\":{\"message\":\"Model Not Exist\"}}"));
        fails(" has no model 'deap'; name one of its models with --model: deep, flat", "--model", "deap");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|' refuses the request (400: too long); change what it names'",
                "404|' has no such address (404: too long); check the URL and the model''s name'",
                "429|' has too much to do (429: too long); wait a little and try again'",
                "503|' failed (503: too long); try again, or look at the server''s log'",
                "302|' is elsewhere (302: too long); check the URL'"
            })
    void otherRefusalsAreQuoted(int status, String sentence) {
        for (String body : List.of(
                "{\"error\":{\"message\":\"too long\"}}",
                "{\"error\":\"too\\n  long\"}",
                "{\"message\":\"too long\"}",
                "{\"detail\":\"too long\"}",
                "too long\n")) {
            server.then(json(status, body));
            fails(sentence);
        }
        server.then(whole(status, "text/html", "<html>...</html>"));
        fails(sentence.replace(": too long", ""));
        server.then(whole(status, "text/plain", ""));
        fails(sentence.replace(": too long", ""));
    }

    @Test
    void noStreamOfEvents() {
        server.then(json(200, "{\"choices\":[{\"message\":{\"content\":\"Hi\"}}]}"));
        fails(" answers with application/json instead of a stream of events;"
                + " check that it is an OpenAI-compatible server that streams");
    }

    @Test
    void eventsThatAreNoAnswer() {
        server.then(events("Hello!"));
        fails(" sent an event that is no answer (Hello!); look at the server's log");
        server.then(events("{\"error\":{\"message\":\"out of memory\"}}"));
        fails(" broke the answer off (out of memory); try again");
        server.then(events(finish("content_filter")));
        fails(" ended the answer early (content_filter); ask in another way");
        server.then(events());
        fails(" ended the answer before it was done; try again, or look at the server's log");
    }

    @Test
    void whatCameOfABrokenAnswerIsShownAndKept() {
        server.then(stream(out -> send(out, "data: " + text("Half an") + "\n\ndata: {\"cho")))
                .then(says("Whole."));
        var hadal = Hadal.runWith("Hello\nAnd?\n", "chat", "--connect", server.url());
        assertThat(hadal.out()).isEqualTo("Half an\nWhole.\n");
        assertThat(hadal.err())
                .isEqualTo(
                        "hadal: " + server.url() + "/v1 ended the answer before it was done; try again, or look at the"
                                + " server's log (what came is kept, marked as cut off)\n");
        assertThat(server.requests.get(1).path("messages")).hasSize(3);
    }

    @Test
    void aConnectionThatBreaksOff() {
        server.then(exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 10_000);
            send(exchange.getResponseBody(), "data: " + text("Half") + "\n\n");
            exchange.close();
        });
        var hadal = run();
        assertThat(hadal.out()).isEqualTo("Half\n");
        assertThat(hadal.err())
                .startsWith("hadal: the connection to " + server.url() + "/v1 broke off (")
                .endsWith("(what came is kept, marked as cut off)\n");
        assertThat(hadal.code()).isEqualTo(2);
    }

    @Test
    void anAnswerThatFailedLeavesNoTrace() {
        server.then(json(500, "")).then(says("Yes."));
        var hadal = Hadal.runWith("Hello\n/retry\n", "chat", "--connect", server.url());
        assertThat(hadal.out()).isEqualTo("Yes.\n");
        assertThat(server.requests.get(1).path("messages")).hasSize(1);
    }

    @Test
    void aSilentServer() {
        var over = new CountDownLatch(1);
        server.then(_ -> keepSilent(over));
        fails(" has said nothing for 1 s; raise --timeout, or look at the server's log", "--timeout", "1");
        over.countDown();
    }

    @Test
    void controlCharactersAreShownByTheirEscapes() {
        server.then(json(500, "{\"error\":{\"message\":\"\\u001b[2J\"}}"));
        fails(" failed (500: \\x1b[2J); try again, or look at the server's log");
    }

    /// Says nothing until then, or until the server is stopped.
    private static void keepSilent(CountDownLatch over) {
        try {
            over.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// A person who types these lines and presses Ctrl-C when something holds.
    private static final class Person implements Prompter {

        final StringWriter shown = new StringWriter();
        private final ArrayDeque<String> lines;
        private final BooleanSupplier stops;
        private boolean stopped;

        Person(BooleanSupplier stops, String... lines) {
            this.stops = stops;
            this.lines = new ArrayDeque<>(List.of(lines));
        }

        @Override
        public Input read() {
            return lines.isEmpty() ? new Input.End() : new Input.Text(lines.remove());
        }

        @Override
        public AnswerPrinter.Screen screen() {
            var writer = new PrintWriter(shown, true);
            return new AnswerPrinter.Screen(writer, writer, true, true, false);
        }

        /// The first answer is stopped only.
        @Override
        public <T> T interruptible(Function<BooleanSupplier, T> work) {
            boolean first = !stopped;
            stopped = true;
            return work.apply(() -> first && stops.getAsBoolean());
        }

        @Override
        public void close() {}
    }

    private RemoteConversation talk(Person person) {
        try (var remote = new RemoteServer(server.url(), null, Duration.ofMinutes(1))) {
            var conversation = new RemoteConversation(remote, "deep");
            var dialogue = new RemoteDialogue(conversation, _ -> JsonNodeFactory.instance.objectNode());
            new Chat(dialogue, person, ReplyOptions::defaults, true, false).run();
            return conversation;
        }
    }

    @Test
    void ctrlCStopsAnAnswerAndClosesItsConnection() {
        var noticed = new CountDownLatch(1);
        server.then(stream(out -> {
                    send(out, "data: " + text("Endless") + "\n\n");
                    try {
                        while (true) {
                            send(out, ": still here\n\n");
                        }
                    } catch (IOException e) {
                        noticed.countDown();
                        throw e;
                    }
                }))
                .then(says("Here."));
        var shown = new StringWriter[1];
        var person = new Person(() -> shown[0].toString().contains("Endless"), "Hello", "Still there?");
        shown[0] = person.shown;
        var conversation = talk(person);
        await(noticed);
        assertThat(person.shown).hasToString("Endless\nstopped\nHere.\n");
        assertThat(conversation.transcript().entries()).hasSize(4);
        assertThat(conversation.transcript().entries().get(1).cutOff()).isTrue();
        assertThat(conversation.transcript().entries().get(3).cutOff()).isFalse();
    }

    @Test
    void ctrlCStopsWaitingForAServerThatIsStillReading() {
        var asked = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        server.then(_ -> {
                    asked.countDown();
                    keepSilent(over);
                })
                .then(says("Here."));
        var person = new Person(() -> asked.getCount() == 0, "Hello", "/retry");
        var conversation = talk(person);
        over.countDown();
        assertThat(person.shown).hasToString("stopped\nHere.\n");
        assertThat(conversation.transcript().entries()).hasSize(2);
    }
}
