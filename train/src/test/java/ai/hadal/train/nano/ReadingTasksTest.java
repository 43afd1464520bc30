package ai.hadal.train.nano;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.ThinkingMode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Answers stand in the texts they are asked of.
class ReadingTasksTest {

    @Test
    void recalledFactsAreSentencesOfTheText() {
        Stream.of("recall", "recall-many")
                .flatMap(task -> Episodes.of(task, ThinkingMode.HIGH, 200))
                .forEach(episode -> {
                    var answers = Episodes.answers(episode);
                    for (int i = 0; i < answers.size(); i++) {
                        String text = Episodes.said(episode).getFirst();
                        String line = answers.get(i).content();

                        assertThat(text).contains(line);
                        assertThat(answers.get(i).reasoning()).endsWith(line);
                    }
                });
    }

    @Test
    void noOtherSentenceOfARecalledTextIsAboutTheSubject() {
        Episodes.of("recall", ThinkingMode.NON_THINK, 300).forEach(episode -> {
            var lines = Episodes.said(episode).getFirst().replace("\n- ", "\n").split("(?<=[.。])[ \n]?|\n", -1);
            var text = List.of(lines).subList(0, lines.length - 1);
            String subject = episode.key().substring(0, episode.key().lastIndexOf('='));

            assertThat(text.stream()
                            .filter(line -> Words.capital(line).contains(Words.capital(subject))
                                    || line.contains(" " + subject))
                            .filter(line -> !line.isEmpty()))
                    .as("%s in %s", subject, text)
                    .hasSize(1);
        });
    }

    @Test
    void repetitionsAreExact() {
        Episodes.of("repeat", ThinkingMode.MAX, 200).forEach(episode -> {
            String question = Episodes.said(episode).getFirst();
            String copied = question.split("\n", -1)[1];

            assertThat(Episodes.answer(episode)).isEqualTo(copied);
        });
    }

    @Test
    void storiesAnswerTheirQuestions() {
        Episodes.of("story", ThinkingMode.HIGH, 300).forEach(episode -> {
            var lines = Episodes.said(episode).getFirst().split("\n", -1);
            String quoted = Episodes.answers(episode).getLast().reasoning();
            var words = Episodes.isChinese(lines[0])
                    ? List.<String>of()
                    : Words.words(Episodes.answer(episode).replaceAll("[.,]", ""));

            assertThat(lines[0]).contains(quoted);
            assertThat(words)
                    .filteredOn(word ->
                            !List.of("at", "They", "Both", "Nobody", "There").contains(word))
                    .allMatch(lines[0]::contains);
        });
    }

    @Test
    void toldStoriesUseBothWords() {
        Episodes.of("tell-story", ThinkingMode.NON_THINK, 200).forEach(episode -> {
            var words = episode.key().split(",", -1);

            assertThat(Episodes.said(episode).getFirst()).contains(words[0], words[1]);
            assertThat(Episodes.answer(episode)).contains(words[0], words[1]);
            assertThat(Episodes.answer(episode).split("[.。] ?", -1)).hasSizeBetween(5, 8);
        });
    }

    @Test
    void aCorrectionOverridesWhatWasToldBefore() {
        Episodes.of("memory", ThinkingMode.NON_THINK, 300).forEach(episode -> {
            var said = Episodes.said(episode);
            boolean zh = Episodes.isChinese(said.getLast());
            for (MemorySlot slot : MemorySlot.values()) {
                if (slot.ask(zh).equals(said.getLast())) {
                    assertThat(Episodes.answer(episode)).isEqualTo(slot.answer(lastTold(slot, said, zh), zh));
                }
            }
        });
    }

    private static String lastTold(MemorySlot slot, List<String> said, boolean zh) {
        var around = slot.tell("\n", zh).split("\n", -1);
        return said.stream()
                .filter(line -> !line.endsWith("?") && !line.endsWith("？"))
                .filter(line -> line.contains(around[0]) && line.endsWith(around[1]))
                .map(line -> line.substring(
                        line.indexOf(around[0]) + around[0].length(), line.length() - around[1].length()))
                .reduce((_, last) -> last)
                .orElseThrow();
    }
}
