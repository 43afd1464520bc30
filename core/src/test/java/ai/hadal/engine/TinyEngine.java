package ai.hadal.engine;

import ai.hadal.model.Chunk.Logits;
import ai.hadal.testing.Goldens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The golden model under test: 512 tokens, a window of 16, 4096 positions, no tokenizer.
final class TinyEngine {

    static final int VOCABULARY = 512;
    static final int WINDOW = 16;
    static final int CHUNK = 24;

    private TinyEngine() {}

    static Engine open() {
        return open(EngineOptions.defaults());
    }

    static Engine open(EngineOptions options) {
        return Engine.open(
                Goldens.resource("flash-tiny"), options.withThreads(2).withPrefillChunk(CHUNK));
    }

    /// Token ids without the end-of-turn token.
    static int[] text(int length, long seed) {
        return new Random(seed).ints(length, 2, VOCABULARY).toArray();
    }

    /// The logits after a session's text and one more token, as a session that never saw anything else gives them.
    static float[] fresh(Engine engine, int[] text, int next) {
        Session session = engine.newSession();
        float[][] rows = session.logits(text);
        return text.length == 0 || next < 0 ? rows[rows.length - 1] : session.step(new int[] {next}, Logits.LAST)[0];
    }

    static int[] joined(int[] a, int... b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /// Greedy but for the end of the turn, which is forbidden.
    static GenerationRequest greedy(int[] prompt, int tokens) {
        var never = new SamplingOptions(0, 0, 1, 0, 1, 0, 0, Map.of(1, Float.NEGATIVE_INFINITY), 0);
        return GenerationRequest.of(prompt, never, tokens);
    }

    /// Collects tokens, and cancels when asked to.
    static final class Listener implements GenerationListener {

        final List<GeneratedToken> tokens = new ArrayList<>();
        final List<Long> prefilled = new ArrayList<>();
        final StringBuilder text = new StringBuilder();
        private final long cancelAtPrompt;
        private final int cancelAtToken;

        Listener() {
            this(Long.MAX_VALUE, Integer.MAX_VALUE);
        }

        Listener(long cancelAtPrompt, int cancelAtToken) {
            this.cancelAtPrompt = cancelAtPrompt;
            this.cancelAtToken = cancelAtToken;
        }

        @Override
        public void prefill(long done, long total) {
            prefilled.add(done);
        }

        @Override
        public void token(GeneratedToken token) {
            tokens.add(token);
            text.append(token.text());
        }

        @Override
        public void rest(String rest) {
            text.append(rest);
        }

        @Override
        public boolean cancelled() {
            return prefilled.getLast() >= cancelAtPrompt || tokens.size() >= cancelAtToken;
        }
    }
}
