package ai.hadal.cli;

import ai.hadal.train.nano.ExamAnswer;
import ai.hadal.train.nano.ExamReport;
import ai.hadal.train.nano.ExamTable;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// An exam's report for people.
record ExamPrinter(PrintWriter out, ExamReport report) {

    /// Letters of a text that is shown; a long question is cut in the middle.
    private static final int MOST = 2000;

    /// @param failures wrong replies to show of each task
    void print(int failures) {
        if (failures > 0) {
            printMistakes(failures);
        }
        for (var table : report.tables()) {
            print(table);
        }
        var total = report.total();
        out.printf(
                Locale.ROOT,
                "%s%s questions, %s prompt tokens, %s generated, %.0f tokens/s, %.1f s%n",
                report.complete() ? "" : "Cut short: ",
                Shown.whole(total.questions()),
                Shown.whole(total.promptTokens()),
                Shown.whole(total.tokens()),
                report.tokensPerSecond(),
                report.seconds());
    }

    private void print(ExamTable table) {
        out.println(table.title());
        out.println();
        var shown = new Table(table.head().toArray(String[]::new));
        table.rows().forEach(row -> shown.add(row.toArray(String[]::new)));
        shown.print(out);
        out.println();
    }

    private void printMistakes(int most) {
        Map<String, Integer> shown = new HashMap<>();
        for (var answer : report.answers()) {
            var mistake = answer.mistake();
            if (mistake != null && shown.merge(answer.part().task(), 1, Integer::sum) <= most) {
                print(answer, mistake);
            }
        }
    }

    private void print(ExamAnswer answer, ExamAnswer.Mistake mistake) {
        out.printf(
                "%s, %s, question %d: %s%n",
                answer.part().task(),
                Modes.name(answer.part().mode()),
                answer.number(),
                TerminalText.line(mistake.fault()));
        print("question", mistake.question());
        print("expected", mistake.expected());
        print("reply", mistake.reply());
        out.println();
    }

    private void print(String name, String text) {
        String brief = text.length() <= MOST
                ? text
                : text.substring(0, MOST / 2) + "\n[...]\n" + text.substring(text.length() - MOST / 2);
        out.printf("  %-8s %s%n", name, TerminalText.clean(brief).replace("\n", "\n" + " ".repeat(11)));
    }
}
