package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.ExamAnswer;
import ai.hadal.train.nano.ExamPart;
import ai.hadal.train.nano.ExamPlan;
import ai.hadal.train.nano.ExamReport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExamCommandTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tasks swimming    | there is no task 'swimming'; the tasks are",
                "--modes deep        | there is no mode 'deep'; choose non-think, high or max",
                "--tasks all -n 0    | the number of questions is 0; give 1 or more",
                "--failures -1       | --failures is -1; give 0 or more",
                "--json --markdown   | --json and --markdown exclude each other; leave one out",
            })
    void wrongArgumentsAreOneSentence(String arguments, String sentence) {
        var run = Hadal.run((Object[]) ("exam " + TinyRandom.folder() + " " + arguments).split(" "));
        assertThat(run.code()).isEqualTo(Main.USAGE);
        assertThat(run.err().lines()).first().asString().startsWith("hadal: " + sentence);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void itExaminesAModel() {
        assumeThat(ExamPlan.usualTasks()).isNotEmpty();
        String task = ExamPlan.usualTasks().getFirst();
        Object[] arguments = {
            "exam", TinyRandom.folder(), "--tasks", task, "--modes", "non-think", "-n", 2, "-t", 1, "--json"
        };
        var run = Hadal.run(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        var json = run.json();
        assertThat(json.get("tasks").get(0).get("task").stringValue()).isEqualTo(task);
        assertThat(json.get("tasks").get(0).get("n").intValue()).isEqualTo(2);
        assertThat(json.get("complete").booleanValue()).isTrue();
        assertThat(json.get("model").stringValue())
                .isEqualTo(TinyRandom.folder().toString());
    }

    @Test
    void peopleSeeTablesAndSomeWrongReplies() {
        var part = new ExamPart.Plain("depths", ThinkingMode.MAX);
        var wrong = new ExamAnswer.Mistake("How\ndeep?", "11 km", "\u001b[2J", "its text is another");
        var report = new ExamReport(
                List.of(
                        new ExamAnswer(part, 0, 1, 0, 0, 0, 9, 4, wrong),
                        new ExamAnswer(part, 1, 1, 1, 0, 0, 9, 4, null),
                        new ExamAnswer(part, 2, 1, 0, 0, 0, 9, 4, wrong)),
                true,
                3,
                1,
                30,
                1.5);
        var out = new StringWriter();
        new ExamPrinter(new PrintWriter(out, true), report).print(1);
        assertThat(out.toString().lines())
                .containsExactly(
                        "depths, max, question 0: its text is another",
                        "  question How",
                        "           deep?",
                        "  expected 11 km",
                        "  reply    \\x1b[2J",
                        "",
                        "Right answers by mode",
                        "",
                        "  mode  n   right      95 %  turns right  calls well formed  tokens each",
                        "  max   3  33.3 %  6.1-79.2       33.3 %                  -          4.0",
                        "",
                        "Right answers by task",
                        "",
                        "  task    n     max      95 %",
                        "  depths  3  33.3 %  6.1-79.2",
                        "",
                        "3 questions, 27 prompt tokens, 12 generated, 20 tokens/s, 1.5 s");
    }
}
