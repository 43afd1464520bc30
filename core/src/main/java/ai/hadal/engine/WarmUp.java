package ai.hadal.engine;

import ai.hadal.backend.Backends;
import ai.hadal.backend.SwitchingBackend;
import ai.hadal.model.Chunk;
import ai.hadal.model.Chunk.Logits;
import ai.hadal.model.Model;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.ModelSize;
import ai.hadal.model.ModelWeights;
import ai.hadal.model.Numerics;
import java.util.List;

/// Has the kernels of the `cpu` backend compiled by a thread of its own, which runs the model on a text of no meaning,
/// while scalar code already answers. Vector code that is not compiled yet is many times slower than scalar code: with
/// a small model the first answer would be over before it is.
final class WarmUp implements AutoCloseable {

    /// Larger models compile their kernels within the first token, where scalar code would take far longer.
    private static final long MOST_PARAMETERS = 50_000_000;

    private static final int PROMPT = 16;
    private static final int TEXT = 64;

    /// Steps without progress after which the kernels count as compiled.
    private static final int PATIENCE = 48;

    /// Steps in a row that have to be faster than those of the scalar code.
    private static final int FASTER = 3;

    /// Tokens after which it starts: for a shorter answer it would only be in the way, and the JVM does not end before
    /// what it is compiling is done.
    private static final int AFTER = 100;

    private final Thread thread;
    private volatile long scalar;
    private int tokens;
    private volatile boolean stopped;

    /// @param backend told when the kernels are compiled
    WarmUp(ModelConfig config, ModelWeights weights, Numerics numerics, SwitchingBackend backend) {
        thread = Thread.ofPlatform().name("hadal-warm-up").daemon(true).unstarted(() -> {
            try (var model = new Model(config, weights, Backends.open("cpu", 1), numerics)) {
                run(model);
            } catch (IllegalStateException e) {
                if (!stopped) {
                    throw e;
                }
            } finally {
                // If they cannot run at all, the caller is to hear of it.
                backend.switchOver();
            }
        });
    }

    static boolean pays(ModelConfig config) {
        return ModelSize.parameters(config).total() <= MOST_PARAMETERS
                && Runtime.getRuntime().availableProcessors() > 1;
    }

    /// Tells how long the answering code took for a token. Called by one thread at a time.
    void answered(long nanos) {
        scalar = nanos;
        if (++tokens == AFTER) {
            thread.start();
        }
    }

    private void run(Model model) {
        long best = Long.MAX_VALUE;
        int since = 0;
        int faster = 0;
        while (!stopped) {
            var sequence = model.newSequence();
            model.step(List.of(new Chunk(sequence, ids(model, 0, PROMPT), Logits.LAST)));
            for (int position = PROMPT; position < TEXT && !stopped; position++) {
                long start = System.nanoTime();
                model.step(List.of(new Chunk(sequence, ids(model, position, 1), Logits.LAST)));
                long time = System.nanoTime() - start;
                since = time < best - best / 16 ? 0 : since + 1;
                best = Math.min(best, time);
                faster = time < scalar ? faster + 1 : 0;
                if (faster == FASTER || since == PATIENCE) {
                    return;
                }
            }
        }
    }

    private static int[] ids(Model model, int position, int count) {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (position + i) % model.config().vocabSize();
        }
        return ids;
    }

    /// Stops. A step that is still running ends by itself: of weights that are no longer mapped it only hears that
    /// they are not.
    @Override
    public void close() {
        stopped = true;
    }
}
