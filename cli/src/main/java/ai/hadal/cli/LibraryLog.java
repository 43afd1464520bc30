package ai.hadal.cli;

import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// What the libraries of a server log: only what is wrong, and as a sentence like any other.
final class LibraryLog {

    private record Library(String name, Logger logger) {}

    /// Loggers are kept by nobody else.
    private static final List<Library> LIBRARIES = List.of(
            new Library("Helidon", Logger.getLogger("io.helidon")),
            new Library("OpenTelemetry", Logger.getLogger("io.opentelemetry")));

    /// It logs an address that cannot be had, which is an exception too.
    private static final Logger LISTENER = Logger.getLogger("io.helidon.webserver.LoomServer");

    private LibraryLog() {}

    static void to(Consumer<String> warnings) {
        LISTENER.setLevel(Level.OFF);
        for (var library : LIBRARIES) {
            var logger = library.logger;
            logger.setLevel(Level.WARNING);
            logger.setUseParentHandlers(false);
            for (var handler : logger.getHandlers()) {
                logger.removeHandler(handler);
            }
            logger.addHandler(new Sentences(library.name, warnings));
        }
    }

    private static final class Sentences extends Handler {

        private final String library;
        private final Consumer<String> warnings;
        private final SimpleFormatter formatter = new SimpleFormatter();

        Sentences(String library, Consumer<String> warnings) {
            this.library = library;
            this.warnings = warnings;
        }

        @Override
        public void publish(LogRecord record) {
            var thrown = record.getThrown();
            warnings.accept(
                    library + ": " + formatter.formatMessage(record) + (thrown == null ? "" : " (" + thrown + ")"));
        }

        @Override
        public void flush() {
            // Nothing waits here.
        }

        @Override
        public void close() {
            // What takes the sentences is not this class's.
        }
    }
}
