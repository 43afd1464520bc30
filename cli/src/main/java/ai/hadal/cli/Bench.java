package ai.hadal.cli;

import ai.hadal.engine.Engine;
import ai.hadal.engine.GenerationListener;
import ai.hadal.engine.GenerationRequest;
import ai.hadal.engine.GenerationResult;
import ai.hadal.engine.SamplingOptions;
import ai.hadal.engine.Session;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Measures prefill and decode of one engine. Prompts are random ids of a seed, so runs can be compared.
final class Bench {

    private final Engine engine;
    private final int repetitions;
    private final long warmUpNanos;
    private final SplittableRandom random;

    /// What a test does: a prompt of `prompt` tokens after `depth` others, then `generate` more.
    ///
    /// @param depth tokens in the context before it starts
    /// @param prompt tokens to prefill; 0 in a decode test
    /// @param generate tokens to decode; 0 in a prefill test
    record Test(int depth, int prompt, int generate) {

        /// The test's name as in llama-bench: `pp512`, `tg32 @ d4096`.
        String label() {
            return (generate == 0 ? "pp" + prompt : "tg" + generate) + (depth == 0 ? "" : " @ d" + depth);
        }

        /// Tokens that are timed.
        int tokens() {
            return prompt + generate;
        }

        /// Tokens in the context when it ends; a decode test has one of its own to start from.
        int context() {
            return depth + prompt + generate + (generate > 0 ? 1 : 0);
        }
    }

    /// @param rate tokens a second
    record Result(Test test, Sample rate) {}

    /// @param warmUpNanos how long a test runs, at least once, before it is measured, so that its code is compiled
    Bench(Engine engine, int repetitions, long warmUpNanos, long seed) {
        this.engine = engine;
        this.repetitions = repetitions;
        this.warmUpNanos = warmUpNanos;
        this.random = new SplittableRandom(seed);
    }

    /// Runs one test: warm-up, then the repetitions, each from the same state.
    Result run(Test test, Progress progress) {
        int[] before = ids(test.depth());
        Session base = engine.newSession();
        if (test.depth() > 0) {
            progress.show(test.label() + ": filling the context");
            generate(base, before, 0);
        }
        int[] prompt = Arrays.copyOf(before, before.length + Math.max(1, test.prompt()));
        int[] added = ids(prompt.length - before.length);
        System.arraycopy(added, 0, prompt, before.length, added.length);
        progress.show(test.label() + ": warming up");
        long start = System.nanoTime();
        do {
            rate(test, base.fork(), prompt);
        } while (System.nanoTime() - start < warmUpNanos);
        double[] rates = new double[repetitions];
        for (int r = 0; r < repetitions; r++) {
            progress.show(test.label() + ": repetition " + (r + 1) + " of " + repetitions);
            rates[r] = rate(test, base.fork(), prompt);
        }
        return new Result(test, Sample.of(rates));
    }

    private double rate(Test test, Session session, int[] prompt) {
        // The first token comes from the prompt's logits: it takes one more for `generate` steps.
        var result = generate(session, prompt, test.generate() == 0 ? 0 : test.generate() + 1);
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
