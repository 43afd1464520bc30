package ai.hadal.train.nano;

import java.util.ArrayList;
import java.util.List;

/// Facts of one kind: `$s` stands for the subject and `$v` for the value.
///
/// @param statement the sentence, in both languages
/// @param questions the questions, in both languages, with ` | ` between them
/// @param rows subjects and values
record FactTable(List<String> statement, List<String> questions, List<Row> rows) {

    private static final String UNTAUGHT = "-";

    record Row(Term subject, Term value) {}

    /// Rows of a text such as `France 法国 Paris 巴黎, Italy 意大利 Rome 罗马`; `_` stands for a space, and
    /// `-` for a Chinese word that is not taught.
    static List<Row> rows(String text) {
        var rows = new ArrayList<Row>();
        for (String row : text.strip().split(",\\s*", -1)) {
            var words = row.split(" ", -1);
            rows.add(new Row(term(words[0], words[1]), term(words[2], words[3])));
        }
        return List.copyOf(rows);
    }

    private static Term term(String en, String zh) {
        return new Term(en.replace('_', ' '), zh);
    }

    List<Knowledge> knowledge(boolean zh) {
        int language = zh ? 1 : 0;
        var known = new ArrayList<Knowledge>();
        for (Row row : rows) {
            if (row.subject().in(zh).equals(UNTAUGHT)) {
                continue;
            }
            var slots = new Slots()
                    .with('s', row.subject().in(zh))
                    .with('v', row.value().in(zh));
            known.add(new Knowledge(
                    Words.capital(slots.fill(statement.get(language))),
                    List.of(Words.capital(slots.fill(questions.get(language))).split(" \\| ", -1)),
                    row.value().in(zh)));
        }
        return known;
    }
}
