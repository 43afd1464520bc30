package ai.hadal.chat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The official encoder's and parser's own answers.
final class GoldenCases {

    record Case(String name, String line, JsonNode tree) {

        String op() {
            return tree.get("op").asString();
        }

        boolean isError() {
            return tree.has("error");
        }

        String input() {
            return tree.get("input").stringValue();
        }

        boolean thinking() {
            return tree.at("/kwargs/thinking_mode").asString().equals("thinking");
        }

        @Override
        public String toString() {
            return op() + " " + name;
        }
    }

    static final List<Case> ALL = load();

    static Stream<Case> parsing() {
        return ALL.stream().filter(c -> c.op().equals("parse"));
    }

    private static List<Case> load() {
        try (InputStream in =
                Objects.requireNonNull(GoldenCases.class.getResourceAsStream("encoding-cases.jsonl"), "resource")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> {
                        JsonNode tree = PythonJson.parse("case", line);
                        return new Case(tree.get("name").asString(), line, tree);
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private GoldenCases() {}
}
