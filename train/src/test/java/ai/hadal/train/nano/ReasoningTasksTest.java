package ai.hadal.train.nano;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.ContentBlock;
import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every task of reasoning, against answers found in another way and the rules all worked answers keep.
class ReasoningTasksTest {

    private static final int DRAWS = 300;
    private static final Pattern EQUATION =
            Pattern.compile("(?=(?<![\\d+*/-])(\\d+(?:[+*/-]\\d+)*)=(\\d+(?:[+*/-]\\d+)*))");

    static Stream<Task> tasks() {
        return ReasoningTasks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void answersAreRightInEveryMode(Task task) {
        episodes(task)
                .forEach(e -> assertThat(reply(e).content()).as(question(e)).isEqualTo(expected(task, e)));
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void reasoningBelongsToTheMode(Task task) {
        episodes(task).forEach(e -> {
            String reasoning = reply(e).reasoning();
            switch (e.mode()) {
                case NON_THINK -> assertThat(reasoning).isEmpty();
                case HIGH -> assertThat(reasoning).isNotEmpty().doesNotContain("check", "检验", "\uE000");
                case MAX ->
                    assertThat(reasoning).containsAnyOf("check\n", "检验\n").endsWith("\nok");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void reasoningIsTidy(Task task) {
        episodes(task)
                .map(e -> reply(e).reasoning())
                .forEach(text -> assertThat(text)
                        .doesNotContain("  ", " \n", "\n\n", "\n ")
                        .doesNotStartWith("\n")
                        .doesNotEndWith(" "));
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void everyEquationOutsideMistakesIsTrue(Task task) {
        episodes(task).forEach(e -> {
            String text = reply(e).reasoning().replaceAll("(?s)[^\n]*\uE000.*\uE001", "");
            EQUATION.matcher(text)
                    .results()
                    .forEach(r -> assertThat(value(r.group(1)))
                            .as(r.group(1) + "=" + r.group(2) + " in " + text)
                            .isEqualTo(value(r.group(2))));
        });
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void mistakesAreFoundAndMended(Task task) {
        var mended = IntStream.range(0, 1000)
                .mapToObj(i -> reply(task.make(Draw.of(3, i), ThinkingMode.MAX)).reasoning())
                .filter(text -> text.indexOf(Episode.MISTAKE_START) >= 0)
                .toList();
        assertThat(mended).hasSizeBetween(30, 200);
        assertThat(mended).allSatisfy(text -> {
            int start = text.indexOf(Episode.MISTAKE_START);
            int end = text.indexOf(Episode.MISTAKE_END);
            assertThat(end).isGreaterThan(start + 1);
            assertThat(Character.isLetter(text.charAt(start - 1)) && Character.isLetter(text.charAt(start + 1)))
                    .as("marks inside a word of " + text)
                    .isFalse();
            assertThat(text.substring(end)).containsAnyOf("≠\nwrong, again\n", "≠\n错，重来\n");
            assertThat(text.substring(0, start)).doesNotContain("check", "检验");
            String right = text.substring(
                    text.indexOf("wrong, again\n") < 0 ? text.indexOf("重来\n") + 3 : text.indexOf("again\n") + 6);
            assertThat(right)
                    .startsWith(text.substring(0, start))
                    .doesNotStartWith(text.substring(0, start) + text.substring(start + 1, end));
        });
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void equalDrawsGiveEqualEpisodes(Task task) {
        assertThat(episodes(task).toList()).isEqualTo(episodes(task).toList());
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void someQuestionsAreHeldOutAndMostAreNot(Task task) {
        for (var mode : ThinkingMode.values()) {
            String held = Curriculum.episode(task, mode, true, 1, 1).key();
            String learnt = Curriculum.episode(task, mode, false, 1, 1).key();
            assertThat(held).isNotEqualTo(learnt);
        }
        assertThat(episodes(task).map(Episode::key).distinct().count()).isGreaterThan(DRAWS / 2);
    }

    private static Stream<Episode> episodes(Task task) {
        return Stream.of(ThinkingMode.values())
                .flatMap(mode -> IntStream.range(0, DRAWS).mapToObj(i -> task.make(Draw.of(mode.ordinal(), i), mode)));
    }

    private static Message.Assistant reply(Episode episode) {
        return (Message.Assistant) episode.messages().getLast();
    }

    private static String question(Episode episode) {
        var user = (Message.User) episode.messages().getFirst();
        return ((ContentBlock.Text) user.content().getFirst()).text();
    }

    private static String expected(Task task, Episode episode) {
        String question = question(episode);
        boolean english = question.codePoints().noneMatch(c -> c > 0x2E80);
        var n = NumberAnswers.numbers(question);
        return switch (task.name()) {
            case "addition" -> Integer.toString(n.get(0) + n.get(1));
            case "subtraction" -> NumberAnswers.subtraction(question);
            case "multiplication" -> Integer.toString(n.get(0) * n.get(1));
            case "division" -> NumberAnswers.division(question, english);
            case "comparison" -> NumberAnswers.comparison(question);
            case "sequence" -> NumberAnswers.sequence(question);
            case "percent" -> NumberAnswers.percent(question);
            case "word-problem" -> NumberAnswers.story(question);
            case "units" -> NumberAnswers.units(question);
            case "dates" -> NumberAnswers.date(question, english);
            case "logic" -> TextAnswers.logic(question, english);
            case "strings" -> TextAnswers.strings(question, episode.key());
            case "lists" -> TextAnswers.lists(question);
            case "code" -> CodeAnswers.code(question);
            default -> throw new AssertionError(task.name() + " has no independent answer");
        };
    }

    /// The value of digits joined by `+ - * /`, products first.
    private static int value(String expression) {
        int sum = 0;
        for (String term : List.of(expression.replace("-", "+-").split("\\+"))) {
            int sign = term.startsWith("-") ? -1 : 1;
            int product = 1;
            boolean divide = false;
            for (String factor : List.of(term.replace("-", "").split("(?<=[*/])"))) {
                int number = Integer.parseInt(factor.replaceAll("\\D", ""));
                product = divide ? product / number : product * number;
                divide = factor.endsWith("/");
            }
            sum += sign * product;
        }
        return sum;
    }
}
