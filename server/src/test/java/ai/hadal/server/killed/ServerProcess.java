package ai.hadal.server.killed;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.engine.Speculation;
import ai.hadal.server.HadalServer;
import ai.hadal.server.ServerConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A server of the built-in model in a process of its own, with a cache that outlives it.
final class ServerProcess implements AutoCloseable {

    /// What a process ends with that got SIGKILL.
    static final int KILLED = 128 + 9;

    private static final long DISK_BYTES = 256L << 20;
    private static final String LISTENS = "listens at ";
    private static final String WARNS = "warns: ";

    private final Process process;
    private final URI uri;
    private final Thread reader;
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    /// What the process runs: a server until its input ends.
    static final class Child {

        private static final Logger WEB = Logger.getLogger("io.helidon");

        public static void main(String[] arguments) throws IOException {
            WEB.setLevel(Level.WARNING);
            long cacheBytes = Long.parseLong(arguments[1]);
            var options = EngineOptions.defaults().withThreads(2).withSpeculation(Speculation.AUTO);
            var defaults = ServerConfig.defaults("nano");
            var config = defaults.withPort(0)
                    .withMemory(new ServerConfig.Memory(
                            cacheBytes, defaults.memory().turnBytes()))
                    .withDisk(new ServerConfig.Disk(Path.of(arguments[0]), DISK_BYTES));
            try (var engine = Engine.open(Path.of("../models/nano"), options);
                    var server = HadalServer.start(
                            engine, config, entry -> {}, warning -> System.out.println(WARNS + warning))) {
                System.out.println(LISTENS + server.uri());
                System.in.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    /// @param folder of the cache on disk
    /// @param cacheBytes of the cache in memory
    ServerProcess(Path folder, long cacheBytes) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        folder.toString(),
                        Long.toString(cacheBytes))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var output = process.inputReader();
        String line = output.readLine();
        while (line != null && !line.startsWith(LISTENS)) {
            warned(line);
            line = output.readLine();
        }
        assertThat(line).as("%s", warnings).isNotNull();
        uri = URI.create(line.substring(LISTENS.length()));
        reader = Thread.ofVirtual().start(() -> collect(output));
    }

    private void warned(String line) {
        if (line.startsWith(WARNS)) {
            warnings.add(line.substring(WARNS.length()));
        }
    }

    private void collect(BufferedReader output) {
        try (output) {
            output.lines().forEach(this::warned);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri() {
        return uri;
    }

    /// SIGKILL.
    void kill() {
        // Unlike the process itself, its handle leaves the lines that were printed before the end came.
        process.toHandle().destroyForcibly();
    }

    /// Ends it in order unless it was killed.
    ///
    /// @return what it ended with
    int end() throws IOException, InterruptedException {
        if (process.isAlive()) {
            process.getOutputStream().close();
        }
        int status = process.waitFor();
        reader.join();
        return status;
    }

    /// What it warned of.
    List<String> warnings() {
        return warnings;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
