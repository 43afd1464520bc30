import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Loads a server of the chat API with many clients at once, some of which go away in the midst of an answer or read
/// it slowly, and reports what the others saw of it.
///
/// Each client streams one answer after the other. Prompts share their beginnings, as those of one application do,
/// so that a prefix cache has something to find. The process ends with 1 if any request failed by no fault of its
/// client, or if the server does not come to rest afterwards.
final class Load {

    private static final String USAGE = """
            Usage: bench/load/run [URL] [options]
              URL                the server (default: http://127.0.0.1:8080)
              --clients N        clients at once (default: 64)
              --minutes N        how long (default: 10; fractions are fine)
              --cancel SHARE     of requests whose client goes away at a random token (default: 0.2)
              --slow SHARE       of requests whose client reads slowly (default: 0.1)
              --max-tokens N     of an answer (default: 64)
              --prompt-tokens N  of a prompt, roughly (default: 200)
              --seed N           of everything random (default: 1)
              --key KEY          the server's API key
              --json FILE        writes the figures there, too
              --throughput       measures tokens per second with 1 and with 8 clients instead, in turn
              --rounds N         of that (default: 5)
              --seconds N        of each of its measurements (default: 10)
            """;

    private static final int REPORT_SECONDS = 10;
    private static final int MOST_ERRORS_SHOWN = 5;
    private static final int SLOW_MILLIS = 200;
    private static final int REST_SECONDS = 60;
    private static final int TOKENS_PER_WORD = 2;
    private static final int BEGINNINGS = 8;
    private static final int MANY = 8;
    private static final double RAMP_SECONDS = 2;
    private static final double NANOS = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Pattern TOKENS = Pattern.compile("\"completion_tokens\":(\\d+)");
    private static final Pattern PROMPT = Pattern.compile("\"prompt_tokens\":(\\d+)");
    private static final Pattern CACHED = Pattern.compile("\"cached_tokens\":(\\d+)");
    private static final Pattern RUNNING = Pattern.compile("\"running\":(\\d+)");
    private static final Pattern WAITING = Pattern.compile("\"waiting\":(\\d+)");
    private static final String HEAP = "hadal_heap_used_bytes ";
    private static final List<String> WORDS = List.of(
            "sea", "light", "deep", "current", "whale", "pressure", "cold", "pump", "sand", "map", "signal", "tide");

    private final Options options;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Load(Options options) {
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        if (Arrays.asList(args).contains("--help")) {
            System.out.print(USAGE);
            return;
        }
        Options options;
        try {
            options = Options.read(args);
        } catch (IllegalArgumentException e) {
            System.err.println("load: " + e.getMessage() + "\n" + USAGE);
            System.exit(2);
            return;
        }
        try {
            System.exit(new Load(options).run() ? 0 : 1);
        } catch (IOException e) {
            System.err.println(
                    "load: no server answers at " + options.server() + " (" + e + "); start one with ./hadal serve");
            System.exit(1);
        }
    }

    /// What to do.
    private record Options(
            URI server,
            int clients,
            double minutes,
            double cancel,
            double slow,
            int maxTokens,
            int promptTokens,
            long seed,
            String key,
            String json,
            boolean throughput,
            int rounds,
            double seconds) {

        static Options read(String[] args) {
            Map<String, String> given = new LinkedHashMap<>(Map.of(
                    "clients",
                    "64",
                    "minutes",
                    "10",
                    "cancel",
                    "0.2",
                    "slow",
                    "0.1",
                    "max-tokens",
                    "64",
                    "prompt-tokens",
                    "200",
                    "seed",
                    "1",
                    "rounds",
                    "5",
                    "seconds",
                    "10"));
            given.putAll(Map.of("key", "", "json", "", "url", "http://127.0.0.1:8080"));
            boolean throughput = false;
            for (int i = 0; i < args.length; i++) {
                if (args[i].equals("--throughput")) {
                    throughput = true;
                } else if (!args[i].startsWith("--")) {
                    given.put("url", args[i]);
                } else {
                    String name = args[i].substring(2);
                    if (!given.containsKey(name) || name.equals("url") || i + 1 == args.length) {
                        throw new IllegalArgumentException(
                                "there is no option " + args[i] + ", or its value is missing");
                    }
                    given.put(name, args[++i]);
                }
            }
            String url = given.get("url");
            return new Options(
                    URI.create(url.endsWith("/") ? url : url + "/"),
                    Integer.parseInt(given.get("clients")),
                    Double.parseDouble(given.get("minutes")),
                    Double.parseDouble(given.get("cancel")),
                    Double.parseDouble(given.get("slow")),
                    Integer.parseInt(given.get("max-tokens")),
                    Integer.parseInt(given.get("prompt-tokens")),
                    Long.parseLong(given.get("seed")),
                    given.get("key"),
                    given.get("json"),
                    throughput,
                    Integer.parseInt(given.get("rounds")),
                    Double.parseDouble(given.get("seconds")));
        }
    }

    private boolean run() throws Exception {
        var before = State.of(this);
        System.out.println("server   " + options.server() + ", " + before);
        return options.throughput() ? throughput() : load(before);
    }

    // --- Load ---------------------------------------------------------------------------------------------

    private boolean load(State before) throws Exception {
        var figures = new Figures();
        long start = System.nanoTime();
        long end = start + (long) (options.minutes() * 60 * NANOS);
        var clients = clients(options.clients(), end, figures, options.cancel(), options.slow());
        while (clients.stream().anyMatch(Thread::isAlive)) {
            long left = Math.max(1, Math.min(REPORT_SECONDS * 1000L, (end - System.nanoTime()) / 1_000_000));
            if (System.nanoTime() < end) {
                Thread.sleep(left);
            } else {
                for (var client : clients) {
                    client.join();
                }
            }
            var state = State.of(this);
            figures.heaps.add(state.heap());
            if (System.console() != null && System.console().isTerminal()) {
                System.out.println(figures.line((System.nanoTime() - start) / NANOS) + "; " + state);
            }
        }
        double seconds = (System.nanoTime() - start) / NANOS;
        var after = atRest();
        System.out.println(figures.report(seconds));
        System.out.println("before   " + before);
        System.out.println("after    " + after);
        figures.errors.stream().limit(MOST_ERRORS_SHOWN).forEach(error -> System.out.println("error    " + error));
        boolean good = figures.failed.get() == 0 && after.isAtRest();
        System.out.println(good ? "good     no error but the clients' own, and the server is at rest" : "BAD");
        if (!options.json().isEmpty()) {
            Files.writeString(Path.of(options.json()), figures.json(seconds) + "\n");
        }
        return good;
    }

    /// The server's state when nothing runs there any more, or after a while.
    private State atRest() throws Exception {
        long end = System.nanoTime() + (long) (REST_SECONDS * NANOS);
        var state = State.of(this);
        while (!state.isAtRest() && System.nanoTime() < end) {
            Thread.sleep(SLOW_MILLIS);
            state = State.of(this);
        }
        return state;
    }

    private List<Thread> clients(int count, long end, Figures figures, double cancel, double slow) {
        var threads = new ArrayList<Thread>();
        var seeds = new SplittableRandom(options.seed());
        for (int i = 0; i < count; i++) {
            var random = seeds.split();
            threads.add(Thread.startVirtualThread(() -> {
                while (System.nanoTime() < end) {
                    ask(random, figures, random.nextDouble() < cancel, random.nextDouble() < slow);
                }
            }));
        }
        return threads;
    }

    /// One request.
    private void ask(SplittableRandom random, Figures figures, boolean cancels, boolean slow) {
        int leave = cancels ? random.nextInt(options.maxTokens()) : Integer.MAX_VALUE;
        long start = System.nanoTime();
        figures.asked.incrementAndGet();
        try {
            var response = http.send(request(body(random)), BodyHandlers.ofInputStream());
            try (var in = response.body()) {
                if (response.statusCode() != 200) {
                    figures.fail(response.statusCode() + " " + new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    return;
                }
                read(in, start, leave, slow, figures);
            }
        } catch (IOException e) {
            figures.fail(e.toString());
            try {
                Thread.sleep(SLOW_MILLIS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest request(String body) {
        var request = HttpRequest.newBuilder(options.server().resolve("v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!options.key().isEmpty()) {
            request.header("Authorization", "Bearer " + options.key());
        }
        return request.build();
    }

    /// A prompt of one of a few beginnings and an end of its own.
    private String body(SplittableRandom random) {
        int words = Math.max(2, options.promptTokens() / TOKENS_PER_WORD);
        var shared = new SplittableRandom(random.nextInt(BEGINNINGS));
        String instructions = words(shared, words / 2);
        String question = words(random, words - words / 2);
        return """
            {"messages": [{"role": "system", "content": "%s"}, {"role": "user", "content": "%s?"}], "stream": true,
             "stream_options": {"include_usage": true}, "max_tokens": %d, "temperature": 1, "seed": %d}""".formatted(instructions, question, options.maxTokens(), random.nextInt(Integer.MAX_VALUE));
    }

    private static String words(SplittableRandom random, int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.toString();
    }

    private static void read(InputStream in, long start, int leave, boolean slow, Figures figures)
            throws IOException, InterruptedException {
        long first = 0;
        long last = 0;
        int pieces = 0;
        String usage = "";
        boolean whole = false;
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data: {\"error\"")) {
                figures.fail(line);
                return;
            }
            boolean piece = line.contains("\"content\":\"") || line.contains("\"reasoning_content\":\"");
            if (piece && !line.contains("\"role\"")) {
                last = System.nanoTime();
                first = first == 0 ? last : first;
                pieces++;
                if (pieces > leave) {
                    figures.left.incrementAndGet();
                    figures.tokens.addAndGet(pieces);
                    return;
                }
                if (slow) {
                    Thread.sleep(SLOW_MILLIS);
                }
            } else if (line.contains("\"usage\":{")) {
                usage = line;
            }
            whole |= line.equals("data: [DONE]");
        }
        if (!whole || usage.isEmpty()) {
            figures.fail("the stream ends without [DONE] or token counts");
            return;
        }
        long tokens = number(TOKENS, usage);
        figures.done(tokens, number(PROMPT, usage), number(CACHED, usage));
        if (first != 0) {
            figures.spans.add(new Span(first, last, tokens));
        }
        if (!slow && first != 0) {
            figures.firstTokens.add((first - start) / NANOS_PER_MILLI);
            if (tokens > 1) {
                figures.perToken.add((last - first) / NANOS_PER_MILLI / (tokens - 1));
            }
        }
    }

    private static long number(Pattern pattern, String json) {
        Matcher matcher = pattern.matcher(json);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    // --- Throughput ---------------------------------------------------------------------------------------

    private boolean throughput() throws Exception {
        measure(1); // both fill the server's cache and have its kernels compiled
        measure(MANY);
        var ones = new ArrayList<Double>();
        var manys = new ArrayList<Double>();
        var ratios = new ArrayList<Double>();
        for (int round = 1; round <= options.rounds(); round++) {
            double one = measure(1);
            double many = measure(MANY);
            ones.add(one);
            manys.add(many);
            ratios.add(many / one);
            System.out.printf(
                    Locale.ROOT,
                    "round %d  1 client %.1f tokens/s, %d clients %.1f tokens/s, ratio %.2f%n",
                    round,
                    one,
                    MANY,
                    many,
                    many / one);
        }
        System.out.printf(
                Locale.ROOT,
                "median   1 client %.1f tokens/s, %d clients %.1f tokens/s, ratio %.2f%n",
                quantile(ones, 0.5),
                MANY,
                quantile(manys, 0.5),
                quantile(ratios, 0.5));
        if (!options.json().isEmpty()) {
            Files.writeString(
                    Path.of(options.json()),
                    String.format(
                            Locale.ROOT,
                            "{\"one\": %s, \"many\": %s, \"ratio\": %.3f}%n",
                            ones,
                            manys,
                            quantile(ratios, 0.5)));
        }
        return true;
    }

    /// Tokens per second of so many clients, who ask again and again: those that came while a window of time was open
    /// that begins after all have begun, and at whose end all are still at it. What one client's last answer takes
    /// longer than another's is thus not counted as time of all.
    private double measure(int clients) throws Exception {
        var figures = new Figures();
        long start = System.nanoTime() + (long) (RAMP_SECONDS * NANOS);
        long end = start + (long) (options.seconds() * NANOS);
        for (var client : clients(clients, end, figures, 0, 0)) {
            client.join();
        }
        if (figures.failed.get() > 0) {
            throw new IOException("requests fail: " + figures.errors.peek());
        }
        return figures.spans.stream()
                        .mapToDouble(span -> span.tokensBetween(start, end))
                        .sum()
                / ((end - start) / NANOS);
    }

    /// The tokens of an answer, evenly from its first to its last.
    ///
    /// @param first time of the first token, of the nanosecond clock
    private record Span(long first, long last, long tokens) {

        double tokensBetween(long start, long end) {
            if (last == first) {
                return first >= start && first < end ? tokens : 0;
            }
            double shared = Math.max(0, Math.min(last, end) - Math.max(first, start));
            return tokens * shared / (last - first);
        }
    }

    private static double quantile(List<Double> values, double share) {
        var sorted = values.stream().sorted().toList();
        return sorted.isEmpty()
                ? Double.NaN
                : sorted.get((int) Math.min(sorted.size() - 1L, (long) (share * sorted.size())));
    }

    // --- What was seen ------------------------------------------------------------------------------------

    /// Counts and times of all clients.
    private static final class Figures {

        final AtomicLong asked = new AtomicLong();
        final AtomicLong answered = new AtomicLong();
        final AtomicLong left = new AtomicLong();
        final AtomicLong failed = new AtomicLong();
        final AtomicLong tokens = new AtomicLong();
        final AtomicLong prompt = new AtomicLong();
        final AtomicLong cached = new AtomicLong();
        final Queue<String> errors = new ConcurrentLinkedQueue<>();
        final Queue<Double> firstTokens = new ConcurrentLinkedQueue<>();
        final Queue<Double> perToken = new ConcurrentLinkedQueue<>();
        final Queue<Span> spans = new ConcurrentLinkedQueue<>();
        /// The server's heap every now and then.
        final List<Double> heaps = new ArrayList<>();

        void fail(String error) {
            failed.incrementAndGet();
            if (errors.size() < MOST_ERRORS_SHOWN) {
                errors.add(error.substring(0, Math.min(error.length(), 300)));
            }
        }

        void done(long newTokens, long promptTokens, long cachedTokens) {
            answered.incrementAndGet();
            tokens.addAndGet(newTokens);
            prompt.addAndGet(promptTokens);
            cached.addAndGet(cachedTokens);
        }

        String line(double seconds) {
            return String.format(
                    Locale.ROOT,
                    "%4.0f s   %d requests, %d left early, %d errors, %.1f tokens/s, first token p50 %.0f ms",
                    seconds,
                    asked.get(),
                    left.get(),
                    failed.get(),
                    tokens.get() / seconds,
                    quantile(List.copyOf(firstTokens), 0.5));
        }

        /// The least heap of a third of the time, which garbage adds least to, in bytes; -1 if it is not known.
        private double heap(int third) {
            int size = heaps.size();
            return heaps.subList(third * size / 3, Math.max((third + 1) * size / 3, third * size / 3)).stream()
                    .mapToDouble(heap -> heap)
                    .min()
                    .orElse(-1);
        }

        private double cachedShare() {
            return prompt.get() == 0 ? 0 : (double) cached.get() / prompt.get();
        }

        private static String times(Queue<Double> times) {
            var all = List.copyOf(times);
            return String.format(
                    Locale.ROOT,
                    "p50 %.1f ms, p95 %.1f ms, p99 %.1f ms",
                    quantile(all, 0.5),
                    quantile(all, 0.95),
                    quantile(all, 0.99));
        }

        String report(double seconds) {
            return String.format(
                    Locale.ROOT,
                    """
                    requests %d in %.1f s: %d answered, %d left early by their client, %d errors
                    first    %s
                    token    %s
                    speed    %.1f tokens/s
                    cache    %.1f %% of prompt tokens
                    heap     at least %.0f MiB in the first third of the time, %.0f in the second, %.0f in the last""",
                    asked.get(),
                    seconds,
                    answered.get(),
                    left.get(),
                    failed.get(),
                    times(firstTokens),
                    times(perToken),
                    tokens.get() / seconds,
                    100 * cachedShare(),
                    heap(0) / (1 << 20),
                    heap(1) / (1 << 20),
                    heap(2) / (1 << 20));
        }

        private static String jsonTimes(Queue<Double> times) {
            var all = List.copyOf(times);
            return all.isEmpty()
                    ? "null"
                    : String.format(
                            Locale.ROOT,
                            "{\"p50\": %.3f, \"p95\": %.3f, \"p99\": %.3f}",
                            quantile(all, 0.5),
                            quantile(all, 0.95),
                            quantile(all, 0.99));
        }

        String json(double seconds) {
            return String.format(
                    Locale.ROOT,
                    "{\"seconds\": %.1f, \"requests\": %d, \"answered\": %d, \"left\": %d, \"errors\": %d,"
                            + " \"first_token_ms\": %s, \"per_token_ms\": %s, \"tokens_per_second\": %.2f,"
                            + " \"cached_share\": %.4f, \"heap_thirds\": [%.0f, %.0f, %.0f]}",
                    seconds,
                    asked.get(),
                    answered.get(),
                    left.get(),
                    failed.get(),
                    jsonTimes(firstTokens),
                    jsonTimes(perToken),
                    tokens.get() / seconds,
                    cachedShare(),
                    heap(0),
                    heap(1),
                    heap(2));
        }
    }

    /// What the server says of itself.
    ///
    /// @param heap bytes in use, -1 if it does not say
    private record State(long running, long waiting, double heap) {

        static State of(Load load) throws IOException, InterruptedException {
            String now = load.get("load");
            double heap = load.get("metrics")
                    .lines()
                    .filter(line -> line.startsWith(HEAP))
                    .mapToDouble(line -> Double.parseDouble(line.substring(HEAP.length())))
                    .findFirst()
                    .orElse(-1);
            return new State(number(RUNNING, now), number(WAITING, now), heap);
        }

        boolean isAtRest() {
            return running == 0 && waiting == 0;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d answers run, %d requests wait", running, waiting)
                    + (heap < 0 ? "" : String.format(Locale.ROOT, ", heap %.0f MiB", heap / (1 << 20)));
        }
    }

    private String get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(options.server().resolve(path)).timeout(Duration.ofMinutes(1));
        if (!options.key().isEmpty()) {
            request.header("Authorization", "Bearer " + options.key());
        }
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("/" + path + " answers " + response.statusCode());
        }
        return response.body();
    }
}
