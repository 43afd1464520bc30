package ai.hadal.cli;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// API keys as options and files give them: `NAME=KEY`, or `KEY` alone. No message quotes one.
final class KeyEntries {

    /// Editors of some systems begin a file with it.
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private KeyEntries() {}

    /// Key by name.
    ///
    /// @param file holds one a line, and comments after `#`; null if there is none
    /// @throws HadalException if the file cannot be read or holds none, or if names or keys are the same
    static Map<String, String> read(List<String> options, @Nullable Path file) {
        var all = new ArrayList<>(options);
        if (file != null) {
            all.addAll(lines(file));
        }
        var keys = new LinkedHashMap<String, String>();
        var names = new LinkedHashMap<String, String>();
        for (String entry : all) {
            int equals = entry.indexOf('=');
            if (equals > 0 && entry.chars().skip(equals).allMatch(c -> c == '=')) {
                throw new HadalException(
                        "an API key ends at its first '='; if that is part of the key, put a name before it"
                                + " (NAME=KEY), else add what is missing");
            }
            String name = equals > 0 ? entry.substring(0, equals).strip() : "key " + (keys.size() + 1);
            String key = entry.substring(equals > 0 ? equals + 1 : 0).strip();
            if (keys.put(name, key) != null) {
                throw new HadalException("two API keys are named '" + name + "'; give them different names");
            }
            String other = names.put(key, name);
            if (other != null) {
                throw new HadalException("the API keys '" + other + "' and '" + name
                        + "' are the same, so nobody could tell whose a request is; leave one out");
            }
        }
        return keys;
    }

    private static List<String> lines(Path file) {
        try (var lines = Files.lines(file)) {
            var keys = lines.map(line -> line.replace(BYTE_ORDER_MARK, "").strip())
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.toList());
            // Whoever names a file of keys does not mean a server for everyone.
            if (keys.isEmpty()) {
                throw new HadalException(file + " holds no API key; write one a line, or leave --api-key-file out");
            }
            return keys;
        } catch (IOException | UncheckedIOException e) {
            throw new HadalException(
                    "cannot read the keys in " + file + " (" + e.getClass().getSimpleName()
                            + "); give a text file with one key a line",
                    e);
        }
    }
}
