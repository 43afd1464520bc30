package ai.hadal.server.killed;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.server.killed.Asking.Dialect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Asks a server in the dialect of the request.
///
/// @param server its address
record Client(HttpClient http, URI server) {

    /// Prompts by where the cache found something of them.
    record Lookups(long memory, long disk, long none) {

        long all() {
            return memory + disk + none;
        }

        Lookups plus(Lookups other) {
            return new Lookups(memory + other.memory, disk + other.disk, none + other.none);
        }
    }

    /// @throws UncheckedIOException if the server goes away
    Answered ask(Asking asking) {
        if (asking.dialect() == Dialect.OPENAI_STREAM) {
            var lines = new ArrayList<String>();
            listen(asking, lines::add);
            return Answered.stream(lines);
        }
        var response = post(asking, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return asking.dialect() == Dialect.ANTHROPIC
                ? Answered.anthropic(response.body())
                : Answered.openAi(response.body());
    }

    /// Asks all at once.
    List<Answered> ask(List<Asking> askings) {
        return askings.stream().map(asking -> Async.start(() -> ask(asking))).toList().stream()
                .map(CompletableFuture::join)
                .toList();
    }

    /// Hands on each line of a stream as it comes.
    ///
    /// @throws UncheckedIOException if the server goes away
    void listen(Asking asking, Consumer<String> lines) {
        try (var body = post(asking, BodyHandlers.ofLines()).body()) {
            body.forEach(lines);
        }
    }

    private <T> HttpResponse<T> post(Asking asking, BodyHandler<T> handler) {
        var body = HttpRequest.BodyPublishers.ofString(asking.body());
        return send(
                HttpRequest.newBuilder(server.resolve(asking.dialect().path)).POST(body), handler);
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> handler) {
        try {
            return http.send(request.header("Content-Type", "application/json").build(), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What the server counted since it started.
    Lookups lookups() {
        String metrics = send(HttpRequest.newBuilder(server.resolve("/metrics")), BodyHandlers.ofString())
                .body();
        return new Lookups(lookups(metrics, "memory"), lookups(metrics, "disk"), lookups(metrics, "none"));
    }

    private static long lookups(String metrics, String tier) {
        return Pattern.compile("hadal_cache_lookups_total\\{.*tier=\"" + tier + "\".*} ([0-9.E]+)")
                .matcher(metrics)
                .results()
                .mapToLong(result -> (long) Double.parseDouble(result.group(1)))
                .sum();
    }
}
