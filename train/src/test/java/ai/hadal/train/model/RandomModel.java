package ai.hadal.train.model;

import ai.hadal.model.ModelConfigs;
import ai.hadal.train.check.Numbers;
import ai.hadal.train.check.TinyConfig;
import ai.hadal.train.data.Document;
import java.nio.file.Path;
import java.util.Arrays;

/// A small model none of whose parameters is as plain as a new model's.
final class RandomModel {

    static final int VOCABULARY = 96;

    private RandomModel() {}

    /// Writes the model's configuration into a folder, which a checkpoint may follow.
    static Parameters in(Path folder) {
        var parameters = new Parameters(ModelConfigs.ofFile(TinyConfig.write(TinyConfig.of(VOCABULARY), folder)));
        parameters.initialise(5);
        var numbers = new Numbers(6);
        float[] values = parameters.values();
        for (var p : parameters.list()) {
            double deviation = p.isMatrix() ? 0.02 : 0.2;
            float[] change = numbers.floats(p.size(), 0, deviation);
            for (int i = 0; i < change.length; i++) {
                values[p.offset() + i] += change[i];
            }
        }
        return parameters;
    }

    /// A random text, learnt from its third token on.
    static Document document(long seed, int length) {
        var numbers = new Numbers(seed);
        int[] ids = new int[length];
        Arrays.setAll(ids, _ -> numbers.below(VOCABULARY));
        boolean[] learnt = new boolean[length];
        Arrays.fill(learnt, Math.min(2, length), length, true);
        return new Document(ids, learnt);
    }
}
