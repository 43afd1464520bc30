package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The tables of a report.
final class ExamTables {

    private static final String NONE = "-";

    private final ExamReport report;
    private final List<ExamPart.Plain> plain;
    private final List<ExamPart.Retrieval> retrieval;
    private final List<ThinkingMode> modes;

    private ExamTables(ExamReport report) {
        this.report = report;
        plain = parts(report, ExamPart.Plain.class);
        retrieval = parts(report, ExamPart.Retrieval.class);
        modes = plain.stream().map(ExamPart::mode).distinct().toList();
    }

    private static <P extends ExamPart> List<P> parts(ExamReport report, Class<P> kind) {
        return report.parts().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static List<ExamTable> of(ExamReport report) {
        var tables = new ExamTables(report);
        return Stream.of(tables.byMode(), tables.byTask(), tables.retrieval())
                .filter(table -> !table.rows().isEmpty())
                .toList();
    }

    private ExamTable byMode() {
        var rows = new ArrayList<List<String>>();
        for (var mode : modes) {
            var score = report.score(mode);
            rows.add(List.of(
                    ExamPart.name(mode),
                    String.valueOf(score.questions()),
                    percent(score),
                    interval(score),
                    share(score.rightTurns(), score.turns()),
                    share(score.wellFormedCallReplies(), score.callReplies()),
                    decimal((double) score.tokens() / score.questions())));
        }
        return new ExamTable(
                "Right answers by mode",
                List.of("mode", "n", "right", "95 %", "turns right", "calls well formed", "tokens each"),
                rows);
    }

    private ExamTable byTask() {
        var head = new ArrayList<>(List.of("task", "n"));
        for (var mode : modes) {
            head.add(ExamPart.name(mode));
            head.add("95 %");
        }
        var rows = new ArrayList<List<String>>();
        for (String task : plain.stream().map(ExamPart::task).distinct().toList()) {
            var scores = modes.stream()
                    .map(mode -> report.score(new ExamPart.Plain(task, mode)))
                    .toList();
            var row = new ArrayList<>(List.of(task, questions(scores)));
            for (var score : scores) {
                row.add(percent(score));
                row.add(interval(score));
            }
            rows.add(row);
        }
        return new ExamTable("Right answers by task", head, rows);
    }

    private ExamTable retrieval() {
        var depths = retrieval.stream()
                .map(ExamPart.Retrieval::depthPercent)
                .distinct()
                .sorted()
                .toList();
        var head = new ArrayList<>(List.of("tokens", "n"));
        depths.forEach(depth -> head.add(depth + " %"));
        var rows = new ArrayList<List<String>>();
        for (int tokens :
                retrieval.stream().map(ExamPart.Retrieval::tokens).distinct().toList()) {
            var scores = depths.stream().map(depth -> cell(tokens, depth)).toList();
            var row = new ArrayList<>(List.of(Retrieval.label(tokens), questions(scores)));
            scores.forEach(score -> row.add(percent(score)));
            rows.add(row);
        }
        return new ExamTable("Retrieval by length of the text and depth of what is asked for", head, rows);
    }

    private ExamScore cell(int tokens, int depth) {
        return retrieval.stream()
                .filter(part -> part.tokens() == tokens && part.depthPercent() == depth)
                .findFirst()
                .map(report::score)
                .orElseGet(() -> ExamScore.of(List.of()));
    }

    /// Questions of each score of a row: one number, or the least and the most after an exam that was cut short.
    private static String questions(List<ExamScore> scores) {
        var counts = scores.stream().mapToInt(ExamScore::questions).summaryStatistics();
        return counts.getMin() == counts.getMax()
                ? String.valueOf(counts.getMax())
                : counts.getMin() + "-" + counts.getMax();
    }

    private static String percent(ExamScore score) {
        return score.questions() == 0 ? NONE : decimal(100 * score.accuracy()) + " %";
    }

    private static String interval(ExamScore score) {
        return score.questions() == 0 ? NONE : decimal(100 * score.low()) + "-" + decimal(100 * score.high());
    }

    private static String share(int part, int of) {
        return of == 0 ? NONE : decimal(100.0 * part / of) + " %";
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
