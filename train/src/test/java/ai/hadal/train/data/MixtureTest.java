package ai.hadal.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
import ai.hadal.train.data.Mixture.Part;
import ai.hadal.train.nano.Episode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MixtureTest {

    private static final List<Part> PARTS =
            List.of(new Part(new Numbers(0, 9), 3), new Part(new Numbers(1, 9), 1), new Part(new Numbers(2, 9), 1e-9));

    private static int[] ids(DataSource source, long index) {
        return source.documents(index, 100).getFirst().ids();
    }

    @Test
    void everySourceGivesItsShareAndAllItsDocumentsInOrder() {
        var mixture = new Mixture(1, PARTS);
        var given = List.of(new ArrayList<Integer>(), new ArrayList<Integer>(), new ArrayList<Integer>());
        for (long i = 0; i < 4096; i++) {
            int[] ids = ids(mixture, i);
            given.get(ids[0]).add(ids[1]);
        }
        assertThat(given.get(0)).hasSizeBetween(3060, 3080);
        assertThat(given.get(1)).hasSizeBetween(1016, 1030);
        assertThat(given.get(2)).hasSize(4);
        given.forEach(indices -> assertThat(indices)
                .isEqualTo(IntStream.range(0, indices.size()).boxed().toList()));
    }

    @Test
    void aDocumentDependsOnSeedAndIndexAlone() {
        var forwards = new Mixture(1, PARTS);
        var other = new Mixture(2, PARTS);
        var sequence = new ArrayList<int[]>();
        for (long i = 0; i < 3000; i++) {
            sequence.add(ids(forwards, i));
        }
        var backwards = new Mixture(1, PARTS);
        int different = 0;
        for (int i = 2999; i >= 0; i--) {
            assertThat(ids(backwards, i)).isEqualTo(sequence.get(i));
            different += ids(other, i)[0] != sequence.get(i)[0] ? 1 : 0;
        }
        assertThat(different).isPositive();
    }

    @Test
    void sharesOfEqualWeightsAreEqual() {
        var parts = IntStream.range(0, 4)
                .mapToObj(i -> new Part(new Numbers(i, 9), 0.1))
                .toList();
        var mixture = new Mixture(5, parts);
        var counts = new TreeMap<Integer, Integer>();
        for (long i = 0; i < 1024; i++) {
            counts.merge(ids(mixture, i)[0], 1, Integer::sum);
        }
        assertThat(counts).isEqualTo(Map.of(0, 256, 1, 256, 2, 256, 3, 256));
    }

    @Test
    void aWrongWeightIsRefused() {
        for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Mixture(1, List.of(new Part(new Numbers(0, 9), weight))))
                    .isInstanceOf(HadalException.class)
                    .hasMessageContaining("weight");
        }
    }

    @Test
    void theCurriculumDrawsTaskAndModeByWeight() {
        EpisodeMaker maker = (task, mode, seed, index) -> new Episode(
                "", mode, List.of(new Message.User(task + mode), new Message.Assistant(seed + " " + index)));
        var weights = Map.of("a", 3.0, "b", 1.0, "never", 0.0);
        var source = new CurriculumSource(Tokenizing.TINY, 7, weights, CurriculumSource.MODES, maker);
        var counts = new TreeMap<String, Integer>();
        for (long i = 0; i < 2000; i++) {
            var document = source.documents(i, 1000).getFirst();
            String text = Tokenizing.text(document);
            assertThat(Tokenizing.learnt(document)).contains("7 " + i);
            String asked = text.replaceAll("(?s).*<｜User｜>(.*)<｜Assistant｜>.*", "$1");
            counts.merge(asked.substring(0, 1), 1, Integer::sum);
            counts.merge(asked.substring(1), 1, Integer::sum);
            if (i == 1) {
                assertThat(text)
                        .isEqualTo(Tokenizing.text(source.documents(i, 1000).getFirst()));
            }
        }
        assertThat(counts.get("a")).isBetween(1400, 1600);
        assertThat(counts.get("b")).isBetween(400, 600);
        assertThat(counts).doesNotContainKey("n");
        assertThat(counts.get(ThinkingMode.NON_THINK.name())).isBetween(400, 600);
        assertThat(counts.get(ThinkingMode.HIGH.name())).isBetween(700, 900);
        assertThat(counts.get(ThinkingMode.MAX.name())).isBetween(600, 800);
        assertThat(source.documents(0, 3)).as("too long for a pack").isEmpty();
    }

    @Test
    void aTaskThatDoesNotExistIsNamed() {
        assertThatThrownBy(() ->
                        new CurriculumSource(Tokenizing.TINY, 1, Map.of("no-such-task", 1.0), CurriculumSource.MODES))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("no task 'no-such-task'");
    }
}
