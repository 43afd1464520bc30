package ai.hadal.cli;

import ai.hadal.backend.TimedBackend;
import ai.hadal.backend.TimedBackend.OperationTime;
import ai.hadal.engine.Engine;
import ai.hadal.engine.GenerationListener;
import ai.hadal.engine.GenerationRequest;
import ai.hadal.engine.GenerationResult;
import ai.hadal.engine.SamplingOptions;
import ai.hadal.engine.Session;
import ai.hadal.model.Chunk;
import ai.hadal.model.SequenceState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/// Measures prefill and decode of one engine. Prompts are random ids of a seed, so runs can be compared.
final class Bench {

    private final Engine engine;
    private final int repetitions;
    private final long warmUpNanos;
    private final SplittableRandom random;

    /// Of the test that runs.
    private long drafted;

    private long accepted;

    /// What a test does: a prompt of `prompt` tokens after `depth` others, then `generate` more.
    ///
    /// @param depth tokens in the context before it starts
    /// @param prompt tokens to prefill; 0 in a decode test
    /// @param generate tokens to decode; 0 in a prefill test
    /// @param sequences how many decode together, each with a context of its own
    record Test(int depth, int prompt, int generate, int sequences) {

        /// The test's name as in llama-bench: `pp512`, `tg32 @ d4096`; `tg32 x8` for eight sequences together.
        String label() {
            return (generate == 0 ? "pp" + prompt : "tg" + generate)
                    + (sequences == 1 ? "" : " x" + sequences)
                    + (depth == 0 ? "" : " @ d" + depth);
        }

        /// Tokens that are timed, of all sequences.
        int tokens() {
            return prompt + generate * sequences;
        }

        /// Tokens in the context when it ends; a decode test has one of its own to start from.
        int context() {
            return depth + prompt + generate + (generate > 0 ? 1 : 0);
        }
    }

    /// @param rate tokens a second
    /// @param drafted tokens that were verified ahead in the repetitions
    /// @param accepted those of them that were right
    /// @param operations where the time of the repetitions went, if the engine's backend measures it
    /// @param disk what the repetitions had read from disk
    record Result(
            Test test, Sample rate, long drafted, long accepted, List<OperationTime> operations, DiskReads disk) {}

    /// @param warmUpNanos how long a test runs, at least once, before it is measured, so that its code is compiled
    Bench(Engine engine, int repetitions, long warmUpNanos, long seed) {
        this.engine = engine;
        this.repetitions = repetitions;
        this.warmUpNanos = warmUpNanos;
        this.random = new SplittableRandom(seed);
    }

    /// Runs one test: warm-up, then the repetitions, each from the same state.
    Result run(Test test, Progress progress) {
        return test.sequences() == 1 ? alone(test, progress) : together(test, progress);
    }

    private Result alone(Test test, Progress progress) {
        int[] before = ids(test.depth());
        Session base = engine.newSession();
        if (test.depth() > 0) {
            progress.show(test.label() + ": filling the context");
            generate(base, before, 0);
        }
        // Tokens of its own for each repetition: those of the last one would find their experts in memory.
        return measure(test, progress, () -> rate(test, base.fork(), prompt(before, Math.max(1, test.prompt()))));
    }

    private int[] prompt(int[] before, int count) {
        int[] prompt = Arrays.copyOf(before, before.length + count);
        System.arraycopy(ids(count), 0, prompt, before.length, count);
        return prompt;
    }

    /// Several sequences of which each step extends every one by a token.
    private Result together(Test test, Progress progress) {
        var model = engine.model();
        var bases = new ArrayList<SequenceState>();
        progress.show(test.label() + ": filling the contexts");
        for (int s = 0; s < test.sequences(); s++) {
            var sequence = model.newSequence();
            int[] before = ids(test.depth());
            int chunk = engine.options().prefillChunk();
            for (int from = 0; from < before.length; from += chunk) {
                int[] part = Arrays.copyOfRange(before, from, Math.min(before.length, from + chunk));
                model.step(List.of(new Chunk(sequence, part, Chunk.Logits.NONE)));
            }
            bases.add(sequence);
        }
        return measure(test, progress, () -> {
            var sequences = bases.stream().map(SequenceState::fork).toList();
            long start = System.nanoTime();
            for (int i = 0; i < test.generate(); i++) {
                model.step(sequences.stream()
                        .map(sequence -> new Chunk(sequence, ids(1), Chunk.Logits.LAST))
                        .toList());
            }
            return test.tokens() * 1e9 / Math.max(1, System.nanoTime() - start);
        });
    }

    /// Warm-up, then the repetitions.
    private Result measure(Test test, Progress progress, DoubleSupplier repetition) {
        progress.show(test.label() + ": warming up");
        long start = System.nanoTime();
        do {
            var _ = repetition.getAsDouble();
        } while (System.nanoTime() - start < warmUpNanos);
        var timed = engine.model().backend() instanceof TimedBackend backend ? backend : null;
        if (timed != null) {
            timed.reset();
        }
        drafted = 0;
        accepted = 0;
        double[] rates = new double[repetitions];
        var disk = DiskReads.now();
        for (int r = 0; r < repetitions; r++) {
            progress.show(test.label() + ": repetition " + (r + 1) + " of " + repetitions);
            rates[r] = repetition.getAsDouble();
        }
        var operations = timed == null ? List.<OperationTime>of() : timed.times();
        var read = DiskReads.now().since(disk);
        return new Result(test, Sample.of(rates), drafted, accepted, operations, read);
    }

    private double rate(Test test, Session session, int[] prompt) {
        // The first token comes from the prompt's logits: it takes one more for `generate` steps.
        var result = generate(session, prompt, test.generate() == 0 ? 0 : test.generate() + 1);
        drafted += result.drafted();
        accepted += result.accepted();
        long nanos = test.generate() == 0 ? result.prefillNanos() : result.decodeNanos();
        return test.tokens() * 1e9 / Math.max(1, nanos);
    }

    private static GenerationResult generate(Session session, int[] prompt, int tokens) {
        return session.generate(
                new GenerationRequest(prompt, SamplingOptions.greedy(), tokens, List.of(), List.of(), true, -1, -1),
                GenerationListener.NONE);
    }

    private int[] ids(int n) {
        return random.ints(n, 0, engine.config().vocabSize()).toArray();
    }
}
