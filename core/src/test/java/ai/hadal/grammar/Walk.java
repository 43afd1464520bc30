package ai.hadal.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Texts drawn under a constraint, and the slow way to a mask.
final class Walk {

    private Walk() {}

    /// Draws tokens among the allowed ones until the text ends. After `patience` tokens, ends and what leads
    /// there are preferred.
    static String draw(CompiledGrammar grammar, long seed, int patience) {
        var constraint = grammar.constraint();
        var random = new Random(seed);
        Tokenizer tokenizer = grammar.vocabulary().tokenizer();
        var text = new ByteArrayOutputStream();
        for (int n = 0; n < 20 * patience + 2000; n++) {
            TokenSet allowed = constraint.allowed();
            assertThat(allowed.isEmpty()).as(() -> "after " + text).isFalse();
            assertThat(allowed.contains(tokenizer.eosId())).isEqualTo(constraint.canEnd());
            int id = choose(allowed, random, n > patience, tokenizer);
            constraint.accept(id);
            if (id == tokenizer.eosId()) {
                return text.toString(StandardCharsets.UTF_8);
            }
            text.writeBytes(tokenizer.bytes(id));
        }
        throw new AssertionError("no end: " + text);
    }

    private static int choose(TokenSet allowed, Random random, boolean end, Tokenizer tokenizer) {
        if (end && allowed.contains(tokenizer.eosId())) {
            return tokenizer.eosId();
        }
        if (end) {
            var closing = new ArrayList<Integer>();
            for (String token : List.of("\"", "}", "]", ")", "0", "a", "b")) {
                int id = tokenizer.id(token).orElseThrow();
                if (allowed.contains(id)) {
                    closing.add(id);
                }
            }
            if (!closing.isEmpty() && random.nextInt(8) > 0) {
                return closing.get(random.nextInt(closing.size()));
            }
        }
        int skip = random.nextInt(allowed.size());
        int id = allowed.next(0);
        while (skip-- > 0) {
            id = allowed.next(id + 1);
        }
        return id;
    }

    /// Whether these tokens are a whole text of the grammar; each must be allowed where it stands.
    static boolean accepts(CompiledGrammar grammar, int[] ids) {
        var constraint = grammar.constraint();
        for (int id : ids) {
            if (!constraint.allowed().contains(id)) {
                return false;
            }
            constraint.accept(id);
        }
        return constraint.canEnd();
    }

    static boolean accepts(CompiledGrammar grammar, String text) {
        return accepts(grammar, grammar.vocabulary().tokenizer().encodeOrdinary(text));
    }

    /// Follows a drawn text and compares each mask with what recognising every single token says.
    static void compareWithBruteForce(CompiledGrammar grammar, long seed, int length) {
        var constraint = grammar.constraint();
        var recogniser = new Configurations(grammar.automaton(), 10_000);
        Configuration now = recogniser.start();
        Tokenizer tokenizer = grammar.vocabulary().tokenizer();
        var random = new Random(seed);
        for (int n = 0; n < length; n++) {
            TokenSet expected = TokenSet.of();
            for (int id = 0; id < tokenizer.size(); id++) {
                if (survives(recogniser, now, id, tokenizer)) {
                    expected = expected.with(id);
                }
            }
            assertThat(constraint.allowed()).isEqualTo(expected);
            int id = choose(expected, random, n > length / 2, tokenizer);
            constraint.accept(id);
            if (id == tokenizer.eosId()) {
                return;
            }
            now = after(recogniser, now, id, tokenizer);
        }
    }

    private static boolean survives(Configurations recogniser, Configuration now, int id, Tokenizer tokenizer) {
        return id == tokenizer.eosId()
                ? now.complete
                : !after(recogniser, now, id, tokenizer).isDead();
    }

    private static Configuration after(Configurations recogniser, Configuration now, int id, Tokenizer tokenizer) {
        if (!tokenizer.isOrdinary(id)) {
            return recogniser.token(now, id);
        }
        Configuration next = now;
        for (byte b : tokenizer.bytes(id)) {
            next = recogniser.step(next, b & 0xFF);
        }
        return next;
    }
}
