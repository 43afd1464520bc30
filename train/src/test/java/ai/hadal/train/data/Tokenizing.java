package ai.hadal.train.data;

import ai.hadal.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/// The vocabulary of the tiny model, and documents as text.
final class Tokenizing {

    static final Tokenizer TINY = Tokenizer.fromJson(tiny());

    private Tokenizing() {}

    private static Path tiny() {
        Path here = Path.of("models/tiny-random/tokenizer.json");
        return Files.exists(here) ? here : Path.of("..").resolve(here);
    }

    static String text(Document document) {
        return TINY.decode(document.ids());
    }

    /// The learnt tokens as text, runs of them apart by a bar.
    static String learnt(Document document) {
        var text = new StringBuilder();
        for (int from = 0; from < document.length(); from++) {
            int to = from;
            while (to < document.length() && document.learnt()[to]) {
                to++;
            }
            if (to > from) {
                int[] run =
                        IntStream.range(from, to).map(i -> document.ids()[i]).toArray();
                text.append(text.isEmpty() ? "" : "|").append(TINY.decode(run));
                from = to;
            }
        }
        return text.toString();
    }
}
