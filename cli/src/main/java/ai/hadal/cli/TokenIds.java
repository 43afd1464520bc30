package ai.hadal.cli;

import ai.hadal.error.HadalException;
import ai.hadal.model.ModelConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Token ids on the command line or in a file: whole numbers separated by commas or white space, in brackets or not.
final class TokenIds {

    private static final String FIX = "give whole numbers separated by commas, such as --ids 0,17,4";

    @Option(names = "--ids", paramLabel = "ID,ID,...", description = "The token ids.")
    private @Nullable String ids;

    @Option(names = "--ids-file", paramLabel = "FILE", description = "A file with the token ids; - for standard input.")
    private @Nullable Path file;

    /// The ids given, at least one.
    ///
    /// @throws HadalException if there are none, they are given twice, or one is no number
    int[] read() {
        if (ids != null && file != null) {
            throw new HadalException("token ids are given twice, with --ids and --ids-file; leave one out");
        }
        if (file != null) {
            return parse(text(file), file.toString());
        }
        if (ids != null) {
            return parse(ids, "--ids");
        }
        throw new HadalException("no token ids are given; " + FIX + ", or --ids-file FILE");
    }

    private static String text(Path file) {
        try {
            return file.toString().equals("-")
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new HadalException(file + " does not exist; give a file of token ids", e);
        } catch (IOException e) {
            throw new HadalException(file + " cannot be read as text; give a file of token ids", e);
        }
    }

    /// Reads ids from text.
    ///
    /// @param place where the text came from, for messages
    static int[] parse(String text, String place) {
        String body = text.strip();
        if (body.startsWith("[") && body.endsWith("]")) {
            body = body.substring(1, body.length() - 1).strip();
        }
        if (body.isEmpty()) {
            throw new HadalException(place + " holds no token ids; " + FIX);
        }
        String[] words = body.split("\\s*,\\s*|\\s+", -1);
        int[] parsed = new int[words.length];
        for (int i = 0; i < words.length; i++) {
            try {
                parsed[i] = Integer.parseInt(words[i]);
            } catch (NumberFormatException e) {
                throw new HadalException(
                        place + " holds `" + Shown.brief(words[i]) + "`, which is no token id; " + FIX, e);
            }
        }
        return parsed;
    }

    /// Checks ids before work starts.
    ///
    /// @param limit tokens that the context holds
    static void check(int[] ids, ModelConfig config, int limit) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= config.vocabSize()) {
                throw new HadalException("token id " + ids[i] + " (number " + (i + 1) + " of " + ids.length
                        + ") is not in the vocabulary; this model has ids 0 to " + (config.vocabSize() - 1));
            }
        }
        if (ids.length > limit) {
            throw new HadalException("there are " + ids.length + " tokens, but the context holds " + limit
                    + "; give fewer or raise --ctx-size");
        }
    }
}
