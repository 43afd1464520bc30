package ai.hadal.train;

import ai.hadal.checkpoint.AtomicFile;
import ai.hadal.error.HadalException;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Appends a run's events to `log.jsonl`, a JSON object a line with the event's name in `event`. Every line is
/// handed to the system at once, so that a killed run loses none but the one it was writing.
///
/// The log tells the run's history as if nothing had interrupted it: where a run continues or goes back, the lines
/// of the steps that it will take again are removed, and each step is there once. What went back is told by a
/// `rolled_back` line.
public final class TrainingLog implements TrainingListener, AutoCloseable {

    /// The log's name in the output folder.
    public static final String FILE = "log.jsonl";

    private final Path file;
    private @Nullable Writer writer;

    private TrainingLog(Path file) {
        this.file = file;
    }

    /// A log in a folder that exists; nothing is read or written before the run starts.
    public static TrainingLog in(Path folder) {
        return new TrainingLog(folder.resolve(FILE));
    }

    @Override
    public void started(Start start) {
        cut(start.firstStep());
        append(LogLine.of(start));
    }

    @Override
    public void stepped(Step step) {
        append(LogLine.of(step));
    }

    @Override
    public void saved(long step, Path folder) {
        append(LogLine.saved(step, folder));
    }

    @Override
    public void rolledBack(long step, long backTo, String reason) {
        cut(backTo);
        append(LogLine.rolledBack(step, backTo, reason));
    }

    @Override
    public void finished(Path model) {
        append(LogLine.finished(model));
    }

    private void append(ObjectNode line) {
        try {
            if (writer == null) {
                writer = Files.newBufferedWriter(
                        file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            writer.write(line + "\n");
            writer.flush();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /// Removes what happens at or after a step, and a last line that a killed run left unfinished.
    private void cut(long step) {
        close();
        if (!Files.exists(file)) {
            return;
        }
        List<String> kept = new ArrayList<>();
        for (String line : lines(file)) {
            if (LogLine.happensBefore(parse(file, line, kept.size() + 1), step)) {
                kept.add(line);
            }
        }
        try {
            AtomicFile.write(file, out -> {
                for (String line : kept) {
                    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                }
            });
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /// The complete lines of a log; what follows the last line end was being written when the run was killed.
    static List<String> lines(Path file) {
        try {
            // Not strict: a torn line may end inside a character.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new HadalException(file + " cannot be read (" + e.getMessage() + "); check its permissions", e);
        }
    }

    static JsonNode parse(Path file, String line, int number) {
        return LogLine.parse(line)
                .orElseThrow(() -> new HadalException(
                        file + ": line " + number + " is not a JSON object; remove the line or the file"));
    }

    private HadalException unwritable(IOException e) {
        return new HadalException(
                file + " cannot be written (" + e.getMessage() + "); check the folder's permissions and free space", e);
    }

    @Override
    public void close() {
        if (writer != null) {
            try {
                writer.close();
            } catch (IOException e) {
                throw unwritable(e);
            } finally {
                writer = null;
            }
        }
    }
}
