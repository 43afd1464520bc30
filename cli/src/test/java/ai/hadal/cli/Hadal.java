package ai.hadal.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a run of the `hadal` command gave.
record Hadal(int code, String out, String err) {

    static final Path FLASH = resource("golden/flash-tiny");
    static final Path FP4 = resource("golden/flash-tiny-fp4");
    static final Path TOKENIZER = resource("tokenizer/tokenizer_2048.json");

    static Hadal run(Object... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        var line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] words = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            words[i] = args[i].toString();
        }
        return new Hadal(line.execute(words), out.toString(), err.toString());
    }

    /// Runs with this text as standard input.
    static Hadal runWith(String input, Object... args) {
        return runWith(input.getBytes(StandardCharsets.UTF_8), args);
    }

    static Hadal runWith(byte[] input, Object... args) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input));
        try {
            return run(args);
        } finally {
            System.setIn(before);
        }
    }

    JsonNode json() {
        return JsonMapper.shared().readTree(out);
    }

    /// A file or folder of the core's test resources.
    static Path resource(String name) {
        return find(Path.of("core", "src", "test", "resources").resolve(name)).orElseThrow();
    }

    /// A file of golden data beside the repository, where there is any.
    static Optional<Path> shared(String name) {
        return find(Path.of("shared", "golden").resolve(name));
    }

    private static Optional<Path> find(Path relative) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(relative))) {
                return Optional.of(at.resolve(relative));
            }
        }
        return Optional.empty();
    }

    /// A copy of a checkpoint to break.
    static Path copy(Path checkpoint, Path target) {
        try (var files = Files.list(checkpoint)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
