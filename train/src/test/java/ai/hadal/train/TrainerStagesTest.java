package ai.hadal.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.model.ModelConfigs;
import ai.hadal.tensor.Format;
import ai.hadal.train.data.Document;
import ai.hadal.train.model.Mode;
import ai.hadal.train.model.ModelPass;
import ai.hadal.train.model.Parameter;
import ai.hadal.train.model.Parameter.Kind;
import ai.hadal.train.model.Parameters;
import ai.hadal.train.optimizer.Optimizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each stage of a run trains what it says, in the way it says.
@Tag("slow")
class TrainerStagesTest {

    @TempDir
    private static Path folder;

    private static TinyRun tiny;
    private static Path model;

    @BeforeAll
    static void aRunOfThreeStages() {
        tiny = new TinyRun(folder);
        model = tiny.train("run", recipe("model", "rounded"), 2).orElseThrow();
    }

    private static Recipe recipe(String name, String weights) {
        return tiny.recipe(
                name,
                TinyRun.RATES,
                3,
                9,
                TinyRun.plain(3, 2),
                TinyRun.stage(
                        "indexers",
                        3,
                        2,
                        160,
                        "attention: dense, indexer: 1, learn: indexers, weights: full",
                        TinyRun.BOTH),
                TinyRun.stage(
                        "last",
                        3,
                        2,
                        160,
                        "attention: sparse, indexer: 1, learn: all, weights: " + weights,
                        TinyRun.BOTH));
    }

    /// A checkpoint's parameters with their moments.
    private record Moment(Parameters parameters, Optimizer optimizer) {

        static Moment of(String run, int step) {
            var parameters = new Parameters(ModelConfigs.ofFile(folder.resolve("config.json")));
            var optimizer = new Optimizer(parameters, new Optimizer.Options(0, 1, 1), 1);
            RunFolder.load(tiny.checkpoint(run, step), parameters, optimizer);
            return new Moment(parameters, optimizer);
        }

        boolean sameAs(Moment other, Parameter p) {
            return same(p, parameters.values(), other.parameters.values())
                    && same(p, optimizer.first(), other.optimizer.first())
                    && same(p, optimizer.second(), other.optimizer.second());
        }

        private static boolean same(Parameter p, float[] a, float[] b) {
            int to = p.offset() + p.size();
            return Arrays.equals(a, p.offset(), to, b, p.offset(), to);
        }
    }

    @Test
    void indexersRestWhereTheirLossDoesNotCount() {
        var begin = new Parameters(ModelConfigs.ofFile(folder.resolve("config.json")));
        begin.initialise(4);
        var after = Moment.of("run", 3).parameters();
        for (var p : begin.list()) {
            assertThat(Moment.same(p, begin.values(), after.values()))
                    .as(p.name())
                    .isEqualTo(p.isIndexer());
        }
        begin.hashTables()
                .forEach((name, table) ->
                        assertThat(after.hashTables().get(name)).as(name).isEqualTo(table));
    }

    @Test
    void everythingElseRestsWhereOnlyIndexersLearn() {
        var before = Moment.of("run", 3);
        var after = Moment.of("run", 6);
        for (var p : before.parameters().list()) {
            assertThat(after.sameAs(before, p)).as(p.name()).isNotEqualTo(p.isIndexer());
        }
    }

    @Test
    void everythingMovesInTheEnd() {
        var before = Moment.of("run", 6);
        var after = Moment.of("run", 9);
        for (var p : before.parameters().list()) {
            assertThat(after.sameAs(before, p)).as(p.name()).isFalse();
        }
    }

    @Test
    void theRoundingOfWeightsIsTheStagesOwn() {
        tiny.train("unrounded", recipe("unrounded", "full"), 2);
        assertThat(tiny.bits("unrounded", 6)).isEqualTo(tiny.bits("run", 6));
        assertThat(tiny.bits("unrounded", 9)).isNotEqualTo(tiny.bits("run", 9));
    }

    @Test
    void theMasterCopyIsNeverRounded() {
        var parameters = Moment.of("run", 9).parameters();
        parameters.refresh(true);
        for (var p : parameters.list()) {
            boolean exact = Moment.same(p, parameters.values(), parameters.used());
            assertThat(exact).as(p.name()).isEqualTo(p.stored() == Format.F32);
        }
    }

    /// The finished model holds the rounded weights; a checkpoint holds them all.
    @ParameterizedTest
    @CsvSource({"true, ''", "false, runs/run/checkpoints/step-00000009"})
    void whatIsWrittenRunsAsItWasTrained(boolean rounded, String checkpoint) {
        var parameters = Moment.of("run", 9).parameters();
        parameters.refresh(rounded);
        try (var engine = Engine.open(
                        rounded ? model : folder.resolve(checkpoint),
                        EngineOptions.defaults().withContextLength(200));
                var pass = new ModelPass(parameters)) {
            int[] ids = engine.tokenizer().encode("What is 3 plus 1? The sea is deep. ".repeat(6));
            var document = new Document(ids, new boolean[ids.length]);
            float[] logits = pass.logits(List.of(document), new Mode(true, true, 0, 0, 0, false));
            float[][] expected = engine.newSession().logits(ids);
            int n = engine.config().vocabSize();
            for (int row = 0; row < expected.length; row++) {
                assertThat(Arrays.copyOfRange(logits, row * n, (row + 1) * n)).containsExactly(expected[row]);
            }
        }
    }

    @Test
    void matricesAreMovedByMuonAndTheRestByAdam() {
        var moment = Moment.of("run", 9);
        for (var p : moment.parameters().list()) {
            boolean second = !Moment.same(
                    p,
                    moment.optimizer().second(),
                    new float[moment.parameters().size()]);
            assertThat(second).as(p.name()).isEqualTo(p.kind() == Kind.TOKENS || p.kind() == Kind.VECTOR);
        }
    }
}
