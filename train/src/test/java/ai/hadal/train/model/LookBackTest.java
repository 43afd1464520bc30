package ai.hadal.train.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.model.ModelConfig;
import ai.hadal.model.ModelConfigs;
import ai.hadal.train.check.TinyConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first block of a new model, by the definition of its attention: norm, low-rank query, rope, softmax scale.
class LookBackTest {

    private static final int VOCABULARY = 96;
    private static final int WINDOW = 16;

    @TempDir
    private Path folder;

    @Test
    void eachHeadLooksAtItsOwnDistanceWhateverTheTokens() {
        var parameters = new Parameters(ModelConfigs.ofFile(TinyConfig.write(TinyConfig.of(VOCABULARY), folder)));
        parameters.initialise(3);
        ModelConfig config = parameters.config();
        for (int head = 0; head < config.heads(); head++) {
            int best = 0;
            double[] mean = new double[WINDOW];
            for (int distance = 0; distance < WINDOW; distance++) {
                for (int token = 0; token < VOCABULARY; token++) {
                    mean[distance] += score(parameters, token, head, (token * 7 + distance) % VOCABULARY, distance);
                }
                best = mean[distance] > mean[best] ? distance : best;
            }
            assertThat(best).isEqualTo(1 + head % (config.heads() / config.oGroups()));
            assertThat(mean[best] / VOCABULARY).isGreaterThan(3);
        }
    }

    /// What a query at a token makes of the key of another, `distance` before it.
    private static double score(Parameters p, int token, int head, int other, int distance) {
        ModelConfig config = p.config();
        int width = config.headDim();
        double[] low = unit(times(p, "layers.0.attn.wq_a.weight", token(p, token)));
        double[] queries = times(p, "layers.0.attn.wq_b.weight", low);
        double[] query = new double[width];
        System.arraycopy(queries, head * width, query, 0, width);
        query = unit(query);
        double[] key = unit(times(p, "layers.0.attn.wkv.weight", token(p, other)));
        double sum = 0;
        int plain = width - config.ropeDim();
        for (int i = 0; i < plain; i++) {
            sum += query[i] * key[i];
        }
        for (int pair = 0; pair < config.ropeDim() / 2; pair++) {
            double angle = distance * Math.pow(config.ropeTheta(), -2.0 * pair / config.ropeDim());
            int at = plain + 2 * pair;
            double real = query[at] * key[at] + query[at + 1] * key[at + 1];
            double imaginary = query[at] * key[at + 1] - query[at + 1] * key[at];
            sum += Math.cos(angle) * real + Math.sin(angle) * imaginary;
        }
        return sum * config.attentionScale();
    }

    private static double[] token(Parameters p, int token) {
        Parameter embedding = p.get("embed.weight");
        double[] x = new double[embedding.cols()];
        for (int i = 0; i < x.length; i++) {
            x[i] = p.values()[embedding.offset() + token * x.length + i];
        }
        return unit(x);
    }

    private static double[] times(Parameters p, String name, double[] x) {
        Parameter matrix = p.get(name);
        double[] y = new double[matrix.rows()];
        for (int r = 0; r < y.length; r++) {
            for (int c = 0; c < x.length; c++) {
                y[r] += p.values()[matrix.offset() + r * x.length + c] * x[c];
            }
        }
        return y;
    }

    /// With a root mean square of 1.
    private static double[] unit(double[] x) {
        double energy = 0;
        for (double value : x) {
            energy += value * value;
        }
        double[] y = x.clone();
        for (int i = 0; i < y.length; i++) {
            y[i] /= Math.sqrt(energy / y.length);
        }
        return y;
    }
}
