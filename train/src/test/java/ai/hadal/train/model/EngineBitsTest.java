package ai.hadal.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.model.Chunk;
import ai.hadal.model.Numerics;
import ai.hadal.train.check.DoubleLosses;
import ai.hadal.train.check.Numbers;
import ai.hadal.train.data.Document;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is trained is what runs: the trainer's logits are those of the engine on the checkpoint that the trainer
/// writes, bit for bit.
class EngineBitsTest {

    /// Texts whose entries are no more than the indexer selects.
    private static final List<Document> SHORT =
            List.of(RandomModel.document(1, 35), RandomModel.document(2, 1), RandomModel.document(3, 32));

    /// Texts with many more.
    private static final List<Document> LONG =
            List.of(RandomModel.document(4, 300), RandomModel.document(5, 1), RandomModel.document(6, 129));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        // rounded weights, rounded cache, sparse, backend
        "false, true,  true,  cpu",
        "false, true,  false, cpu",
        "false, false, true,  cpu",
        "true,  true,  true,  cpu",
        "true,  true,  false, cpu",
        "false, true,  true,  reference",
        "true,  true,  true,  reference"
    })
    void logitsAreTheEngines(boolean rounded, boolean cache, boolean sparse, String backend) {
        var parameters = RandomModel.in(folder);
        parameters.refresh(rounded);
        ParameterFile.write(parameters, rounded, folder.resolve("model.safetensors"));
        List<Document> pack = sparse ? LONG : SHORT;
        float[] logits;
        try (var pass = new ModelPass(parameters)) {
            logits = pass.logits(pack, mode(cache, sparse));
        }
        var options = EngineOptions.defaults()
                .withBackend(backend)
                .withThreads(2)
                .withNumerics(cache ? Numerics.F32 : Numerics.F32_QAT_OFF)
                .withContextLength(300)
                .withPrefillChunk(100);
        try (var engine = Engine.open(folder, options)) {
            int row = 0;
            for (var document : pack) {
                for (float[] expected : engine.newSession().logits(document.ids())) {
                    int at = row++ * RandomModel.VOCABULARY;
                    assertThat(Arrays.copyOfRange(logits, at, at + RandomModel.VOCABULARY))
                            .as("row %d", row)
                            .containsExactly(expected);
                }
            }
            assertThat(logits).hasSize(row * RandomModel.VOCABULARY);
        }
    }

    private static Mode mode(boolean cache, boolean sparse) {
        return new Mode(cache, sparse, 0f, 0f, 0f, false);
    }

    @Test
    void aTextInAPackIsThatTextAlone() {
        var parameters = RandomModel.in(folder);
        parameters.refresh(false);
        try (var pass = new ModelPass(parameters)) {
            float[] together = pass.logits(LONG, mode(true, true));
            int at = 0;
            for (var document : LONG) {
                float[] alone = pass.logits(List.of(document), mode(true, true));
                assertThat(Arrays.copyOfRange(together, at, at + alone.length)).containsExactly(alone);
                at += alone.length;
            }
        }
    }

    /// Else a case above would compare less than it says.
    @Test
    void roundingAndSelectionChangeTheLogits() {
        var parameters = RandomModel.in(folder);
        parameters.refresh(false);
        try (var pass = new ModelPass(parameters)) {
            float[] sparse = pass.logits(LONG, mode(true, true));
            assertThat(pass.logits(LONG, mode(true, false))).isNotEqualTo(sparse);
            assertThat(pass.logits(LONG, mode(false, true))).isNotEqualTo(sparse);
            assertThat(pass.logits(SHORT, mode(true, true))).isEqualTo(pass.logits(SHORT, mode(true, false)));
            parameters.refresh(true);
            assertThat(pass.logits(LONG, mode(true, true))).isNotEqualTo(sparse);
        }
    }

    /// The engine's MTP block drafts what the trainer's learnt to predict.
    @Test
    void theMtpLossIsThatOfTheEnginesDrafts() {
        var parameters = RandomModel.in(folder);
        parameters.refresh(false);
        ParameterFile.write(parameters, false, folder.resolve("model.safetensors"));
        double loss;
        try (var pass = new ModelPass(parameters)) {
            var mode = new Mode(true, true, 0f, 1f, 0f, false);
            loss = pass.run(LONG, mode, new ModelPass.Factors(1f, 1f, 0f, 0f), new float[parameters.size()])
                    .mtpLoss();
        }
        double expected = 0;
        try (var engine = Engine.open(folder, EngineOptions.defaults().withContextLength(300))) {
            for (var document : LONG) {
                expected += drafted(engine, document);
            }
        }
        assertThat(loss).isCloseTo(expected, within(1e-6 * expected));
    }

    private static double drafted(Engine engine, Document document) {
        var model = engine.model();
        var sequence = model.newSequence();
        int[] ids = document.ids();
        var step = model.step(List.of(new Chunk(sequence, ids, Chunk.Logits.NONE)));
        int[] next = Arrays.copyOfRange(ids, 1, ids.length + 1);
        var draft = model.draft(model.newMtpState(0), step.streams(), next, Chunk.Logits.ALL);
        float[] logits = new float[RandomModel.VOCABULARY];
        double loss = 0;
        for (int p = 0; p + 2 < ids.length; p++) {
            draft.logits(p, logits);
            loss += DoubleLosses.crossEntropy(Numbers.widened(logits), 0, logits.length, ids[p + 2]);
        }
        return loss;
    }
}
