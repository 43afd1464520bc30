package ai.hadal.train.nano;

import java.util.ArrayList;
import java.util.List;

/// A word in both languages of the curriculum.
record Term(String en, String zh) {

    String in(boolean chinese) {
        return chinese ? zh : en;
    }

    /// Terms of a text such as `cat 猫, dog 狗`.
    static List<Term> list(String text) {
        var terms = new ArrayList<Term>();
        for (String pair : text.strip().split(",\\s*", -1)) {
            int space = pair.lastIndexOf(' ');
            terms.add(new Term(pair.substring(0, space), pair.substring(space + 1)));
        }
        return List.copyOf(terms);
    }
}
