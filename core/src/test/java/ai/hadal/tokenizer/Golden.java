package ai.hadal.tokenizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where the tests' vocabularies and expected ids are: the small set beside the tests, the official files outside
/// the repository where somebody has put them.
final class Golden {

    static final Path NANO = resource("tokenizer_2048.json");
    static final Path NANO_CASES = resource("golden_2048.jsonl");

    private static final JsonMapper MAPPER = new JsonMapper();

    /// A text, its ids, and what the ids decode to.
    record Case(String category, String text, int[] ids, String decoded) {

        @Override
        public String toString() {
            return category + " " + Place.quote(text);
        }
    }

    private Golden() {}

    static List<Case> cases(Path file) {
        try {
            return Files.readAllLines(file).stream().map(Golden::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Case parse(String line) {
        JsonNode node = MAPPER.readTree(line);
        String text = node.get("text").stringValue();
        int[] ids = node.get("ids").valueStream().mapToInt(JsonNode::intValue).toArray();
        return new Case(
                node.get("cat").stringValue(), text, ids, node.path("decoded").asString(wellFormed(text)));
    }

    /// The text as a sequence of scalar values: each lone surrogate replaced by U+FFFD.
    static String wellFormed(String text) {
        return text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /// A file of the official set, if the repository has a sibling directory `shared` that holds it.
    static Optional<Path> official(String name) {
        for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
            Path file = dir.resolve("shared").resolve(name);
            if (Files.exists(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(Golden.class.getResource("/tokenizer/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
