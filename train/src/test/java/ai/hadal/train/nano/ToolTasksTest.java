package ai.hadal.train.nano;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls are possible, their results right, and answers follow from them.
class ToolTasksTest {

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tool-calculator",
                "tool-clock",
                "tool-weather",
                "tool-file",
                "tool-lookup",
                "tool-parallel",
                "tool-error",
                "agent-short",
                "agent"
            })
    void onlyOfferedToolsAreCalledAndSumsAreRight(String task) {
        Episodes.of(task, ThinkingMode.NON_THINK, 200).forEach(episode -> {
            var offered = ((Message.System) episode.messages().getFirst())
                    .tools().stream()
                            .map(tool -> tool.function().get("name").stringValue())
                            .toList();
            var called = Episodes.answers(episode).stream()
                    .flatMap(answer -> answer.toolCalls().stream())
                    .map(ToolCall::name)
                    .toList();
            var arguments = Episodes.arguments(episode);
            var results = Episodes.results(episode);

            assertThat(offered).hasSizeBetween(1, 4).doesNotHaveDuplicates().containsAll(called);
            assertThat(results).hasSameSizeAs(arguments);
            for (int i = 0; i < called.size(); i++) {
                if (called.get(i).equals("calculate")) {
                    assertThat(results.get(i)).isEqualTo(Integer.toString(value(arguments.get(i))));
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool-calculator", "tool-clock", "tool-weather", "tool-lookup", "tool-parallel"})
    void answersHoldTheResults(String task) {
        Episodes.of(task, ThinkingMode.NON_THINK, 200)
                .forEach(episode -> assertThat(Episodes.answer(episode)).contains(Episodes.results(episode)));
    }

    @Test
    void fieldsOfFilesAreReadFromThem() {
        Episodes.of("tool-file", ThinkingMode.NON_THINK, 200).forEach(episode -> {
            String file = Episodes.results(episode).getFirst();
            var answer = List.of(Episodes.answer(episode).split(": |：| is |是", -1));
            String value = answer.getLast().replaceFirst("[.。]$", "");

            assertThat(file.lines()).anyMatch(line -> line.equals(value) || line.endsWith(": " + value));
            assertThat(Episodes.answer(episode)).contains(Episodes.arguments(episode));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent", "agent-short"})
    void agentsTakeTheirNumberOfTurns(String task) {
        int turns = task.equals("agent") ? 5 : 3;
        Episodes.of(task, ThinkingMode.NON_THINK, 200).forEach(episode -> {
            var answers = Episodes.answers(episode);

            assertThat(answers).hasSize(turns);
            assertThat(answers.subList(0, turns - 1))
                    .allMatch(answer -> answer.toolCalls().size() == 1);
            assertThat(answers.getLast().toolCalls()).isEmpty();
        });
    }

    /// An argument may hold only numbers and names that the agent has seen by then.
    @ParameterizedTest
    @ValueSource(strings = {"agent", "agent-short"})
    void agentsFindTheirArgumentsInTheQuestionOrEarlierResults(String task) {
        Episodes.of(task, ThinkingMode.NON_THINK, 300).forEach(episode -> {
            var arguments = Episodes.arguments(episode);
            var results = Episodes.results(episode);
            boolean zh = Episodes.isChinese(Episodes.said(episode).getFirst());
            var seen = new StringBuilder(Episodes.said(episode).getFirst());
            for (int i = 0; i < arguments.size(); i++) {
                String known = seen.toString();
                assertThat(numbers(known)).containsAll(numbers(arguments.get(i)));
                if (!zh) {
                    assertThat(Words.words(arguments.get(i).replaceAll("[^A-Za-z]+", " ") + " "))
                            .filteredOn(word -> !List.of("price", "pay", "city", "of", "in", "")
                                    .contains(word))
                            .allMatch(known::contains);
                }
                seen.append('\n').append(results.get(i));
            }
            assertThat(numbers(seen.toString())).containsAll(numbers(Episodes.answer(episode)));
        });
    }

    @Test
    void agentsCompareTheTotalWithTheLimit() {
        Episodes.of("agent", ThinkingMode.NON_THINK, 400)
                .filter(episode -> Episodes.results(episode).getLast().startsWith("limit: "))
                .forEach(episode -> {
                    int total = Integer.parseInt(Episodes.results(episode).get(2));
                    int limit =
                            Integer.parseInt(Episodes.results(episode).get(3).substring("limit: ".length()));
                    String answer = Episodes.answer(episode);

                    assertThat(numbers(answer)).containsExactly(Integer.toString(total), Integer.toString(limit));
                    assertThat(answer.startsWith("Yes") || answer.endsWith("没有超过。"))
                            .isEqualTo(total <= limit);
                });
    }

    @Test
    void aProposedNameIsTried() {
        Episodes.of("tool-error", ThinkingMode.NON_THINK, 200).forEach(episode -> {
            String error = Episodes.results(episode).getFirst();
            var arguments = Episodes.arguments(episode);

            assertThat(error).startsWith("Error: " + arguments.getFirst() + " not found.");
            assertThat(Episodes.said(episode).getFirst()).contains(arguments.getFirst());
            if (error.contains("Did you mean")) {
                assertThat(error).endsWith(" " + arguments.getLast() + "?");
                assertThat(arguments).hasSize(2);
            } else {
                assertThat(arguments).hasSize(1);
                assertThat(Episodes.answer(episode)).contains(arguments.getFirst());
            }
        });
    }

    @Test
    void withoutAFittingToolNoneIsCalled() {
        Episodes.of("tool-none", ThinkingMode.NON_THINK, 200).forEach(episode -> {
            assertThat(Episodes.arguments(episode)).isEmpty();
            assertThat(((Message.System) episode.messages().getFirst()).tools()).isNotEmpty();
            assertThat(Episodes.answer(episode)).isNotBlank();
        });
    }

    private static List<String> numbers(String text) {
        var numbers = new ArrayList<String>();
        Matcher matcher = NUMBER.matcher(text);
        while (matcher.find()) {
            numbers.add(matcher.group());
        }
        return numbers;
    }

    /// The value of a sum of products, whose numbers may be sums in brackets.
    private static int value(String expression) {
        String flat = expression;
        Matcher inner = Pattern.compile("\\(([^()]+)\\)").matcher(flat);
        while (inner.find()) {
            flat = flat.substring(0, inner.start()) + value(inner.group(1)) + flat.substring(inner.end());
            inner.reset(flat);
        }
        int sum = 0;
        int sign = 1;
        int product = 1;
        boolean divide = false;
        for (String word : flat.split(" ", -1)) {
            switch (word) {
                case "+", "-" -> {
                    sum += sign * product;
                    sign = word.equals("+") ? 1 : -1;
                    product = 1;
                    divide = false;
                }
                case "*", "/" -> divide = word.equals("/");
                default -> product = divide ? product / Integer.parseInt(word) : product * Integer.parseInt(word);
            }
        }
        return sum + sign * product;
    }
}
