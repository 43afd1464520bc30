package ai.hadal.cli;

import ai.hadal.error.HadalException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/// A filter from JSON lines to JSON lines: each line is answered before the next is read.
final class JsonLines {

    private JsonLines() {}

    /// Answers every line that is not blank.
    ///
    /// @throws HadalException with the line's number, if one has no answer or the input is not UTF-8
    static void answer(InputStream in, PrintWriter out, UnaryOperator<String> answer) {
        // A decoder of its own, since the usual reader would replace what is not UTF-8.
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        long number = 0;
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    out.println(answer.apply(line));
                }
            }
        } catch (IOException e) {
            throw new HadalException("standard input cannot be read as UTF-8 after line " + number, e);
        } catch (HadalException e) {
            throw new HadalException("line " + number + " of the input: " + e.getMessage(), e);
        }
    }
}
