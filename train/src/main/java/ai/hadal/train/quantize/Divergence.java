package ai.hadal.train.quantize;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.engine.Tokenizers;
import ai.hadal.error.HadalException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How far a model's predictions are from another's: the Kullback-Leibler divergence of the next token's
/// distribution, KL(original || other), after every token of a text.
///
/// @param tokens positions compared
/// @param text where the tokens come from, for people
/// @param mean in nats
/// @param max in nats, the worst position
/// @param agreement share of positions at which both find the same token most likely
public record Divergence(int tokens, String text, double mean, double max, double agreement) {

    /// Logits of one model held at once: 16 MiB.
    private static final int LOGITS = 1 << 22;

    /// Watches a measurement.
    public interface Progress {
        /// Watches nothing.
        Progress NONE = (_, _, _) -> {};

        /// @param what is done, for people
        void at(String what, int token, int of);
    }

    /// Finds out before any work what [#measure] would say about a text.
    ///
    /// @throws HadalException if the file can't be read, is empty, or the model has no tokenizer
    public static void check(Path original, @Nullable Path text) {
        if (text == null) {
            return;
        }
        MeasuredText.read(text);
        try (var checkpoint = Checkpoint.open(original)) {
            if (Tokenizers.vocabulary(checkpoint) == null) {
                throw new HadalException(original + " has no tokenizer to read " + text
                        + " with; put its tokenizer.json there, or measure without --text");
            }
        }
    }

    /// Compares two checkpoints of one vocabulary on text of one of them.
    ///
    /// @param tokens how many at most, at least 1
    /// @param text a file, or null for text that the original model says itself
    /// @throws HadalException if a checkpoint can't be run, the vocabularies differ, or a model gives no numbers
    public static Divergence measure(Path original, Path other, int tokens, @Nullable Path text, Progress progress) {
        var options = EngineOptions.defaults().withContextLength(tokens);
        try (var first = Engine.open(original, options);
                var second = Engine.open(other, options)) {
            int vocabulary = first.config().vocabSize();
            if (second.config().vocabSize() != vocabulary) {
                throw new HadalException(original + " has " + vocabulary + " tokens and " + other + " has "
                        + second.config().vocabSize() + "; compare models of one vocabulary");
            }
            return measure(first, second, tokens, text, progress);
        }
    }

    /// The same for two engines of one vocabulary, such as one checkpoint under two numerics profiles.
    public static Divergence measure(
            Engine original, Engine other, int tokens, @Nullable Path text, Progress progress) {
        var measured = text == null
                ? MeasuredText.spoken(original, tokens, n -> progress.at("saying", n, tokens))
                : MeasuredText.of(original, text, tokens);
        return compare(original, other, measured, progress);
    }

    private static Divergence compare(Engine first, Engine second, MeasuredText text, Progress progress) {
        int step = Math.clamp(
                LOGITS / first.config().vocabSize(), 1, first.options().prefillChunk());
        int count = 0;
        int agreed = 0;
        double sum = 0;
        double max = 0;
        var firstSession = first.newSession();
        var secondSession = second.newSession();
        for (var piece : text.pieces(step)) {
            if (piece.first()) {
                firstSession = first.newSession();
                secondSession = second.newSession();
            }
            float[][] p = firstSession.logits(piece.ids());
            float[][] q = secondSession.logits(piece.ids());
            for (int i = 0; i < p.length; i++) {
                double kl = divergence(p[i], q[i]);
                if (Double.isNaN(kl)) {
                    throw new HadalException("the logits of token " + count
                            + " are not numbers, so the models can't be compared; check them with `hadal inspect`");
                }
                sum += kl;
                max = Math.max(max, kl);
                agreed += best(p[i]) == best(q[i]) ? 1 : 0;
                count++;
            }
            progress.at("comparing", count, text.tokens());
        }
        return new Divergence(count, text.source(), sum / count, max, (double) agreed / count);
    }

    /// KL of two rows of logits, in nats.
    static double divergence(float[] p, float[] q) {
        double pNorm = logSumExp(p);
        double qNorm = logSumExp(q);
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double logP = p[i] - pNorm;
            sum += StrictMath.exp(logP) * (logP - (q[i] - qNorm));
        }
        // Rounding may leave a little less than nothing; NaN stays.
        return sum < 0 ? 0 : sum;
    }

    private static double logSumExp(float[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (float l : logits) {
            max = Math.max(max, l);
        }
        double sum = 0;
        for (float l : logits) {
            sum += StrictMath.exp(l - max);
        }
        return max + StrictMath.log(sum);
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
