package ai.hadal.train.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.model.ModelConfigs;
import ai.hadal.train.check.Numbers;
import ai.hadal.train.check.TinyConfig;
import ai.hadal.train.data.Document;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A new model of the built-in model's shape, on random tokens the last few of which occurred before.
class InductionHeadsTest {

    private static final int TRIALS = 16;
    private static final int LENGTH = 256;
    private static final int REPEATED = 5;

    /// Changing what followed before changes what is expected now, mostly towards it: within the window and far
    /// outside it.
    @ParameterizedTest
    @ValueSource(ints = {40, 210})
    void whatFollowedBeforeBecomesLikelier(int distance) {
        var parameters = new Parameters(ModelConfigs.ofFile(TinyConfig.inRepository("models/nano/config.json")));
        parameters.initialise(11);
        parameters.refresh(false);
        int vocabulary = parameters.config().vocabSize();
        int towards = 0;
        try (var pass = new ModelPass(parameters)) {
            for (int trial = 0; trial < TRIALS; trial++) {
                var numbers = new Numbers(trial);
                int[] ids = new int[LENGTH];
                Arrays.setAll(ids, _ -> numbers.below(vocabulary));
                int next = LENGTH - distance;
                System.arraycopy(ids, next - REPEATED, ids, LENGTH - REPEATED, REPEATED);
                int a = ids[next];
                int b = numbers.below(vocabulary);
                float[] afterA = last(pass, ids, vocabulary);
                ids[next] = b;
                float[] afterB = last(pass, ids, vocabulary);
                if (afterA[a] - afterA[b] > afterB[a] - afterB[b]) {
                    towards++;
                }
            }
        }
        assertThat(towards).isGreaterThan(TRIALS * 3 / 4);
    }

    private static float[] last(ModelPass pass, int[] ids, int vocabulary) {
        var document = new Document(ids.clone(), new boolean[ids.length]);
        float[] logits = pass.logits(List.of(document), new Mode(true, false, 0f, 0f, 0f, false));
        return Arrays.copyOfRange(logits, logits.length - vocabulary, logits.length);
    }
}
