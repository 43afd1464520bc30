package ai.hadal.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.train.check.Losses;
import ai.hadal.train.check.ModelGradientCheck;
import ai.hadal.train.check.SmallModel;
import ai.hadal.train.data.Document;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The whole model's gradients, every parameter's, are those of its definition in double precision.
class ModelGradientTest {

    private static final float MTP = 0.3f;
    private static final float BALANCE = 0.01f;
    private static final float INDEXER = 0.5f;

    static Parameters parameters(SmallModel small) {
        var parameters = new Parameters(small.config());
        small.parameters().forEach((name, values) -> {
            var p = parameters.get(name);
            System.arraycopy(values, 0, parameters.values(), p.offset(), p.size());
        });
        small.tables().forEach((name, table) -> {
            int[] flat = parameters.hashTables().get(name);
            for (int token = 0; token < table.length; token++) {
                System.arraycopy(table[token], 0, flat, token * table[token].length, table[token].length);
            }
        });
        parameters.refresh(false);
        return parameters;
    }

    static Document document(SmallModel small, long seed, int length) {
        boolean[] learnt = new boolean[length];
        Arrays.fill(learnt, 3, length, true);
        learnt[length / 2] = false;
        return new Document(small.document(seed, length), learnt);
    }

    /// Where a text must be long, the parameters that need it are checked.
    @ParameterizedTest
    @CsvSource({
        // ratios, lengths of documents, names to check
        "0, 4, 17, 6, ''",
        "4, 0, 6, 22, ''",
        "128, 4, 131, 9, layers.0.attn",
        "4, 128, 9, 130, layers.1.attn"
    })
    void gradientsAreThoseOfTheDefinition(int ratio, int nextRatio, int length, int nextLength, String checked) {
        var small = SmallModel.of(7, ratio, nextRatio);
        var documents = List.of(document(small, 1, length), document(small, 2, nextLength));
        var parameters = parameters(small);
        float[] gradients = new float[parameters.size()];
        var mode = new Mode(false, true, INDEXER, MTP, BALANCE, false);
        int predicted = ModelPass.predicted(documents, 1);
        int ahead = ModelPass.predicted(documents, 2);
        int positions =
                documents.stream().mapToInt(d -> Math.max(0, d.length() - 7)).sum();
        var factors = new ModelPass.Factors(
                1f / predicted, MTP / ahead, mode.indexerLoss() / positions, BALANCE / documents.size());
        ModelPass.Sums sums;
        try (var pass = new ModelPass(parameters)) {
            sums = pass.run(documents, mode, factors, gradients);
        }

        var weights = new Losses.Weights(MTP, BALANCE, 0, mode.indexerLoss());
        var check = new ModelGradientCheck(
                small.widened(),
                documents.stream().map(Document::ids).toList(),
                documents.stream().map(Document::learnt).toList(),
                weights);
        var losses = check.losses();
        assertThat(sums.loss() / predicted).isCloseTo(losses.crossEntropy(), within(1e-5));
        assertThat(sums.mtpLoss() / ahead).isCloseTo(losses.mtp(), within(1e-5));
        assertThat(sums.balanceLoss() / BALANCE).isCloseTo(losses.balance(), within(1e-5));
        assertThat(sums.indexerLoss() / positions).isCloseTo(losses.indexer(), within(1e-5));
        Map<String, float[]> byName = new LinkedHashMap<>();
        for (var p : parameters.list()) {
            if (p.name().startsWith(checked)) {
                byName.put(p.name(), Arrays.copyOfRange(gradients, p.offset(), p.offset() + p.size()));
            }
        }
        check.only(List.copyOf(byName.keySet())).check(byName, 1);
    }

    @Test
    void onlyIndexersGetGradientsWhereOnlyTheyLearn() {
        var small = SmallModel.of(9, 0, 4);
        var parameters = parameters(small);
        float[] gradients = new float[parameters.size()];
        try (var pass = new ModelPass(parameters)) {
            pass.run(
                    List.of(document(small, 1, 40)),
                    new Mode(true, false, 1f, MTP, BALANCE, true),
                    new ModelPass.Factors(1f, 1f, 1f, 1f),
                    gradients);
        }
        for (var p : parameters.list()) {
            boolean moves = false;
            for (int i = p.offset(); i < p.offset() + p.size(); i++) {
                moves |= gradients[i] != 0f;
            }
            assertThat(moves).as(p.name()).isEqualTo(p.isIndexer());
        }
    }
}
