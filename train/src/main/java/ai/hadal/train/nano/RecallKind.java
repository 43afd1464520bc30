package ai.hadal.train.nano;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Kinds of facts in short texts: `S` stands for the subject and `V` for the value in the line, in the question for
/// the value and in the question for the subject.
enum RecallKind {
    THING("S has V.", "What does S have?", "Who has V?", "S有V。", "S有什么？", "谁有V？"),
    CITY("S lives in V.", "Where does S live?", "Who lives in V?", "S住在V。", "S住在哪里？", "谁住在V？"),
    AGE("S is V years old.", "How old is S?", "Who is V years old?", "S今年V岁。", "S今年几岁？", "谁今年V岁？"),
    TASTE("S likes V.", "What does S like?", "Who likes V?", "S喜欢V。", "S喜欢什么？", "谁喜欢V？"),
    JOB("S works as V.", "What does S work as?", "Who works as V?", "S是V。", "S是做什么的？", "谁是V？"),
    PLACE("S is V.", "Where is S?", "What is V?", "S在V。", "S在哪里？", "什么在V？"),
    PRICE("S costs V coins.", "How much does S cost?", "What costs V coins?", "S卖V元。", "S卖多少元？", "什么卖V元？"),
    CODE("The code of S is V.", "What is the code of S?", "What has the code V?", "S的号码是V。", "S的号码是什么？", "什么的号码是V？"),
    COLOUR("S is V.", "What colour is S?", "What is V?", "S是V的。", "S是什么颜色的？", "什么是V的？");

    private static final int MOST = 10;

    private final List<String> english;
    private final List<String> chinese;

    RecallKind(String line, String value, String subject, String lineZh, String valueZh, String subjectZh) {
        english = List.of(line, value, subject);
        chinese = List.of(lineZh, valueZh, subjectZh);
    }

    /// At most ten facts, all of whose subjects and values differ.
    ///
    /// @param inverse whether the value is given and the subject asked for
    List<Fact> facts(Draw draw, int count, boolean inverse, boolean zh) {
        var subjects = draw.some(subjects(zh), Math.min(count, MOST));
        var values = draw.some(values(draw, zh), subjects.size());
        var facts = new ArrayList<Fact>();
        for (int i = 0; i < subjects.size(); i++) {
            facts.add(fact(subjects.get(i), values.get(i), inverse, zh));
        }
        return facts;
    }

    private Fact fact(String subject, String value, boolean inverse, boolean zh) {
        var templates = zh ? chinese : english;
        String line = fill(templates.get(0), subject, value);
        String question = fill(templates.get(inverse ? 2 : 1), subject, value);
        return inverse ? new Fact(value, line, question, subject) : new Fact(subject, line, question, value);
    }

    private static String fill(String template, String subject, String value) {
        var text = new StringBuilder();
        for (char c : template.toCharArray()) {
            switch (c) {
                case 'S' -> text.append(subject);
                case 'V' -> text.append(value);
                default -> text.append(c);
            }
        }
        return Words.capital(text.toString());
    }

    private List<String> subjects(boolean zh) {
        return switch (this) {
            case COLOUR, CODE, PLACE -> the(Words.THINGS, zh);
            case PRICE -> the(Words.FOODS, zh);
            default -> Words.names(zh);
        };
    }

    private List<String> values(Draw draw, boolean zh) {
        return switch (this) {
            case THING ->
                draw.some(Words.THINGS, MOST).stream()
                        .map(thing -> coloured(draw.of(Words.COLOURS), thing, zh))
                        .toList();
            case COLOUR ->
                in(Stream.concat(Words.COLOURS.stream(), Words.METALS.stream()).toList(), zh);
            case CODE -> numbers(draw, 1_000, 9_999);
            case CITY -> in(Words.CITIES, zh);
            case AGE -> numbers(draw, 10, 99);
            case PRICE -> numbers(draw, 2, 99);
            case TASTE -> in(Words.FOODS, zh);
            case PLACE -> in(Words.SPOTS, zh);
            case JOB ->
                zh
                        ? in(Words.JOBS, true)
                        : Words.JOBS.stream().map(job -> Words.a(job.en())).toList();
        };
    }

    private static String coloured(Term colour, Term thing, boolean zh) {
        return zh ? colour.zh() + "的" + thing.zh() : "the " + colour.en() + " " + thing.en();
    }

    private static List<String> numbers(Draw draw, int low, int high) {
        return Stream.generate(() -> Integer.toString(draw.integer(low, high)))
                .distinct()
                .limit(MOST)
                .toList();
    }

    private static List<String> the(List<Term> terms, boolean zh) {
        return terms.stream().map(term -> zh ? term.zh() : "the " + term.en()).toList();
    }

    private static List<String> in(List<Term> terms, boolean zh) {
        return terms.stream().map(term -> term.in(zh)).toList();
    }
}
