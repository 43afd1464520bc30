package ai.hadal.train.data;

import ai.hadal.error.HadalException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file of plain text in parts: as many whole paragraphs as fit a given size. A paragraph ends with a blank line;
/// one that is larger alone is cut at line ends. Only where each part begins is kept in memory.
public final class TextFile {

    private final Path file;
    private final int partBytes;
    /// Where each part begins, and the file's end.
    private final LongList bounds = new LongList();

    private TextFile(Path file, int partBytes) {
        this.file = file;
        this.partBytes = partBytes;
    }

    /// Finds the parts of a file.
    ///
    /// @param partBytes the size a part of several paragraphs does not exceed
    /// @throws HadalException if the file cannot be read or has no text
    public static TextFile open(Path file, int partBytes) {
        var text = new TextFile(file, partBytes);
        try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            if (!text.index(in)) {
                throw new HadalException(file + " has no text; give a file of UTF-8 text");
            }
        } catch (IOException e) {
            throw TextRange.unreadable(file, e);
        }
        return text;
    }

    /// @return whether anything but white space was found
    private boolean index(BufferedInputStream in) throws IOException {
        long start = 0;
        long cut = 0;
        long at = 0;
        boolean blank = true;
        boolean found = false;
        bounds.add(0);
        for (int b = in.read(); b >= 0; b = in.read()) {
            at++;
            if (b > ' ') {
                blank = false;
                found = true;
            }
            if (b != '\n') {
                continue;
            }
            if (blank || at - cut >= partBytes) {
                if (at - start > partBytes && cut > start) {
                    bounds.add(cut);
                    start = cut;
                }
                cut = at;
            }
            blank = true;
        }
        if (at - start > partBytes && cut > start && cut < at) {
            bounds.add(cut);
        }
        bounds.add(at);
        return found;
    }

    public int size() {
        return bounds.size() - 1;
    }

    /// The `i`-th part, without white space around it.
    ///
    /// @throws HadalException with file and place, if it is not UTF-8
    public String part(int i) {
        long from = bounds.get(i);
        return TextRange.read(file, from, bounds.get(i + 1) - from, file + ", from byte " + from + " on,")
                .strip();
    }
}
