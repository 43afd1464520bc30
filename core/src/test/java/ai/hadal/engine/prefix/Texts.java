package ai.hadal.engine.prefix;

import ai.hadal.backend.Backends;
import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.model.Chunk;
import ai.hadal.model.Chunk.Logits;
import ai.hadal.model.Model;
import ai.hadal.model.ModelConfigs;
import ai.hadal.model.ModelWeightsLoader;
import ai.hadal.model.Numerics;
import ai.hadal.model.SequenceState;
import ai.hadal.testing.Goldens;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A model, texts for it and what it answers without any cache.
final class Texts implements AutoCloseable {

    final Model model;
    private final Checkpoint checkpoint;
    private final Map<List<Integer>, float[]> cold = new HashMap<>();

    private Texts(Path folder, Numerics numerics) {
        checkpoint = Checkpoint.open(folder);
        var config = ModelConfigs.of(checkpoint);
        model = new Model(config, ModelWeightsLoader.load(checkpoint, config), Backends.open("cpu", 2), numerics);
    }

    /// Random weights: blocks of all kinds, a window of 16.
    static Texts tiny() {
        return tiny(Numerics.F32);
    }

    static Texts tiny(Numerics numerics) {
        return new Texts(Goldens.resource("flash-tiny"), numerics);
    }

    static Texts open(Path folder, Numerics numerics) {
        return new Texts(folder, numerics);
    }

    int[] text(int length, long seed) {
        return new Random(seed).ints(length, 0, model.config().vocabSize()).toArray();
    }

    static int[] joined(int[] a, int... b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /// Processes the tokens of a text from where the sequence stands up to `end`; gives the last logits.
    float[] feed(SequenceState sequence, int[] ids, int end) {
        int[] rest = Arrays.copyOfRange(ids, (int) sequence.length(), end);
        var step = model.step(List.of(new Chunk(sequence, rest, Logits.LAST)));
        float[] logits = new float[model.config().vocabSize()];
        step.logits(0, logits);
        return logits;
    }

    /// The logits after a text that is processed from its first token.
    float[] cold(int[] ids) {
        return cold.computeIfAbsent(
                Arrays.stream(ids).boxed().toList(), _ -> feed(model.newSequence(), ids, ids.length));
    }

    /// A sequence that holds a text.
    SequenceState sequence(int[] ids) {
        var sequence = model.newSequence();
        feed(sequence, ids, ids.length);
        return sequence;
    }

    /// Lets a cache remember a text at its end.
    void keep(PrefixCache cache, int[] ids) {
        cache.keep(ids, sequence(ids));
    }

    @Override
    public void close() {
        model.close();
        checkpoint.close();
    }
}
