package ai.hadal.train.nano;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.ChatEncoder;
import ai.hadal.chat.ChatOptions;
import ai.hadal.chat.ChatPrompt;
import ai.hadal.chat.Message;
import ai.hadal.chat.Reply;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.chat.ToolCall;
import ai.hadal.chat.ToolDefinition;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every task about language.
class LanguageTasksTest {

    static Stream<Task> tasks() {
        return LanguageTasks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void assistantTurnsAreEncodedAndParsedBack(Task task) {
        for (ThinkingMode mode : ThinkingMode.values()) {
            Episodes.of(task, mode, count(task)).forEach(LanguageTasksTest::checkTurns);
        }
    }

    private static void checkTurns(Episode episode) {
        var messages =
                episode.messages().stream().map(LanguageTasksTest::unmarked).toList();
        var options = ChatOptions.of(episode.mode());
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i) instanceof Message.Assistant said) {
                ChatPrompt prompt = ChatEncoder.encode(messages.subList(0, i), options);
                String whole =
                        ChatEncoder.encode(messages.subList(0, i + 1), options).text();
                assertThat(whole).startsWith(prompt.text());
                Reply reply = prompt.parse(whole.substring(prompt.text().length()));
                assertThat(reply.content()).isEqualTo(said.content());
                assertThat(reply.reasoning()).isEqualTo(said.reasoning());
                assertThat(calls(reply.toolCalls())).isEqualTo(calls(said.toolCalls()));
            }
        }
    }

    private static Message unmarked(Message message) {
        return message instanceof Message.Assistant said
                ? new Message.Assistant(
                        said.content(), said.reasoning().replaceAll("[\uE000\uE001]", ""), said.toolCalls())
                : message;
    }

    private static List<String> calls(List<ToolCall> calls) {
        return calls.stream()
                .map(call ->
                        call.name() + ToolDefinition.parse(call.argumentsJson()).function())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void onlyThinkingModesReason(Task task) {
        for (ThinkingMode mode : ThinkingMode.values()) {
            Episodes.of(task, mode, count(task))
                    .flatMap(episode -> Episodes.answers(episode).stream())
                    .forEach(answer -> assertThat(answer.reasoning().isBlank()).isEqualTo(!mode.thinks()));
        }
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void modesChangeNothingButTheReasoning(Task task) {
        var plain = Episodes.of(task, ThinkingMode.NON_THINK, count(task)).toList();
        for (ThinkingMode mode : ThinkingMode.values()) {
            var episodes = Episodes.of(task, mode, count(task)).toList();
            for (int i = 0; i < plain.size(); i++) {
                assertThat(episodes.get(i).key()).isEqualTo(plain.get(i).key());
                assertThat(withoutReasoning(episodes.get(i))).isEqualTo(withoutReasoning(plain.get(i)));
            }
        }
    }

    private static List<Message> withoutReasoning(Episode episode) {
        return episode.messages().stream()
                .map(message -> message instanceof Message.Assistant said
                        ? new Message.Assistant(said.content(), "", said.toolCalls())
                        : message)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void equalDrawsGiveEqualEpisodes(Task task) {
        assertThat(Episodes.of(task, ThinkingMode.MAX, 3))
                .isEqualTo(Episodes.of(task, ThinkingMode.MAX, 3).toList());
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void someQuestionsAreHeldOutAndSomeLearnt(Task task) {
        Episode heldOut = Curriculum.episode(task, ThinkingMode.NON_THINK, true, 1, 2);
        Episode learnt = Curriculum.episode(task, ThinkingMode.NON_THINK, false, 1, 2);

        assertThat(heldOut.key()).isNotEqualTo(learnt.key());
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void mistakesAreMarkedAndOnlyInTheCarefulMode(Task task) {
        for (ThinkingMode mode : ThinkingMode.values()) {
            var episodes = Episodes.of(task, mode, count(task)).toList();
            long mistaken =
                    episodes.stream().filter(LanguageTasksTest::isMistaken).count();
            if (mode == ThinkingMode.MAX) {
                assertThat(mistaken).isPositive().isLessThanOrEqualTo(episodes.size() * 2L / 5);
            } else {
                assertThat(mistaken).isZero();
            }
        }
    }

    private static boolean isMistaken(Episode episode) {
        int marks = 0;
        for (Message.Assistant answer : Episodes.answers(episode)) {
            assertThat(answer.content()).doesNotContain("\uE000", "\uE001");
            String open = answer.reasoning().replaceAll("\uE000[^\uE000\uE001]+\uE001", "");
            assertThat(open).doesNotContain("\uE000", "\uE001");
            marks += answer.reasoning().length() - open.length();
        }
        return marks > 0;
    }

    @Test
    void aQuarterIsChinese() {
        long chinese = tasks().flatMap(task -> Episodes.of(task, ThinkingMode.NON_THINK, count(task)))
                .filter(episode -> Episodes.isChinese(Episodes.said(episode).getLast()))
                .count();
        long all = tasks().mapToLong(LanguageTasksTest::count).sum();

        assertThat(chinese).isBetween(all * 15 / 100, all * 35 / 100);
    }

    private static int count(Task task) {
        return task instanceof RetrievalTask(String _, int tokens, int _) && tokens > 1024 ? 20 : 100;
    }
}
