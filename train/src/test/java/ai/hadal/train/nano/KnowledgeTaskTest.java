package ai.hadal.train.nano;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.ThinkingMode;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KnowledgeTaskTest {

    static Stream<KnowledgeTask> tasks() {
        return Stream.of(HadalFacts.task(), CommonFacts.task());
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void everyFactIsLearntInSomeWording(KnowledgeTask task) {
        Set<String> learnt = new HashSet<>();
        IntStream.range(0, 8_000)
                .mapToObj(i -> Curriculum.episode(task, ThinkingMode.NON_THINK, false, 5, i))
                .forEach(episode ->
                        learnt.add(episode.key().substring(0, episode.key().lastIndexOf('?'))));

        assertThat(Stream.concat(task.english().stream(), task.chinese().stream())
                        .map(Knowledge::statement))
                .allMatch(learnt::contains);
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void noQuestionHasTwoAnswers(KnowledgeTask task) {
        var questions = Stream.concat(task.english().stream(), task.chinese().stream())
                .flatMap(fact -> fact.questions().stream())
                .toList();

        assertThat(questions).doesNotHaveDuplicates();
    }

    @Test
    void hadalIsKnownInMoreThanSixtyFactsWithThreeWordingsEach() {
        var facts = HadalFacts.task().english();

        assertThat(facts)
                .hasSizeGreaterThan(60)
                .allMatch(fact -> fact.questions().size() >= 3);
        assertThat(HadalFacts.task().chinese()).hasSizeGreaterThan(40);
    }
}
