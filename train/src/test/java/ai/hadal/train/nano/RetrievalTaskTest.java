package ai.hadal.train.nano;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetrievalTaskTest {

    private static final Pattern QUESTION = Pattern.compile("What is the (?:code|word) for (the .*)\\?|(.*)的..是什么？");

    @ParameterizedTest
    @ValueSource(ints = {256, 512, 1024, 2048, 4096})
    void theThingAskedForStandsOnceWithItsValue(int tokens) {
        Episodes.of(new RetrievalTask("retrieval", tokens), ThinkingMode.NON_THINK, tokens > 1024 ? 10 : 100)
                .forEach(episode -> {
                    var lines = List.of(Episodes.said(episode).getFirst().split("\n", -1));
                    String thing = thing(lines.getLast());
                    var found = lines.subList(0, lines.size() - 2).stream()
                            .filter(line -> line.contains(thing))
                            .toList();

                    assertThat(found).hasSize(1);
                    assertThat(found.getFirst()).isEqualTo("- " + Episodes.answer(episode));
                });
    }

    private static String thing(String question) {
        var matcher = QUESTION.matcher(question);
        assertThat(matcher.matches()).as(question).isTrue();
        return matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 512, 1024, 2048, 4096, 8192, 16384})
    void textsHaveAboutTheLengthAskedFor(int tokens) {
        Episodes.of(new RetrievalTask("retrieval", tokens), ThinkingMode.NON_THINK, 10)
                .forEach(episode -> {
                    String text = Episodes.said(episode).getFirst();
                    long wide = text.chars().filter(c -> c > 0x2E7F).count();
                    double length = wide / 1.25 + (text.length() - wide) / 3.6;

                    assertThat(length).isBetween(tokens * 0.75, tokens * 1.25);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 50, 100})
    void theDepthCanBeChosen(int percent) {
        Episodes.of(new RetrievalTask("retrieval", 512, percent), ThinkingMode.NON_THINK, 20)
                .forEach(episode -> {
                    var lines = List.of(Episodes.said(episode).getFirst().split("\n", -1));
                    var text = lines.subList(0, lines.size() - 2);
                    String thing = thing(lines.getLast());
                    int at = text.indexOf(text.stream()
                            .filter(line -> line.contains(thing))
                            .findFirst()
                            .orElseThrow());

                    assertThat(at).isEqualTo((text.size() - 1) * percent / 100);
                });
    }

    @Test
    void oneTextAnswersManyQuestions() {
        Episodes.of(new RetrievalManyTask("retrieval-many", 512, 12), ThinkingMode.NON_THINK, 50)
                .forEach(episode -> {
                    var text = Episodes.said(episode).getFirst().lines().toList();
                    var answers = Episodes.answers(episode);

                    assertThat(answers).hasSizeBetween(6, 12);
                    assertThat(answers)
                            .extracting(Message.Assistant::content)
                            .doesNotHaveDuplicates()
                            .allMatch(answer -> text.contains("- " + answer));
                });
    }

    @Test
    void reasoningQuotesTheLine() {
        Episodes.of(new RetrievalTask("retrieval", 256), ThinkingMode.HIGH, 50).forEach(episode -> {
            var answer = Episodes.answers(episode).getLast();

            assertThat(Episodes.said(episode).getFirst().lines()).contains("- " + answer.content());
            assertThat(answer.reasoning()).endsWith(answer.content());
        });
    }
}
