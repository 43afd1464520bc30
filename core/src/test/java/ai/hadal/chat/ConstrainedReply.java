package ai.hadal.chat;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.grammar.GrammarVocabulary;
import ai.hadal.grammar.TokenConstraint;
import ai.hadal.grammar.TokenSet;
import ai.hadal.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/// A reply drawn at random under a constraint, as the built-in model's tokenizer cuts it.
final class ConstrainedReply {

    static final GrammarVocabulary NANO =
            new GrammarVocabulary(Tokenizer.fromJson(Path.of("../models/nano/tokenizer.json")));
    static final Tokenizer TOKENIZER = NANO.tokenizer();
    static final int END = TOKENIZER.eosId();
    static final int DSML = id(Markers.DSML);
    static final int THINK_END = id(Markers.THINK_END);

    /// What brings a reply nearer to its end.
    private static final List<String> CLOSING =
            List.of(Markers.DSML, "</", "<", "/", "\"", "}", "]", ">", "0", Markers.THINK_END);

    /// What markers and tags are made of.
    private static final List<String> MARKUP = List.of(
            "<",
            "</",
            "/",
            ">",
            "｜",
            "DSML",
            "think",
            "think>",
            "｜DSML｜",
            "</think>",
            "<think>",
            "｜begin▁of▁sentence｜>",
            "｜end▁of▁sentence｜>",
            "tool_calls",
            "invoke",
            "parameter",
            " name=\"",
            "\" string=\"true\">",
            "\n",
            "\n\n",
            "\"",
            "{",
            "}",
            "0",
            "a");

    private final TokenConstraint constraint;
    private final Random random;
    private final List<Integer> ids = new ArrayList<>();

    ConstrainedReply(TokenConstraint constraint, long seed) {
        this.constraint = constraint;
        random = new Random(seed);
    }

    static int id(String token) {
        return TOKENIZER.id(token).orElseThrow();
    }

    /// Writes this text, which must be allowed.
    ConstrainedReply write(String text) {
        for (int id : TOKENIZER.encode(text)) {
            assertThat(mayWrite(id))
                    .as("%s in %s after %s", TOKENIZER.token(id), text, text())
                    .isTrue();
            accept(id);
        }
        return this;
    }

    boolean mayWrite(int id) {
        TokenSet allowed = constraint.allowed();
        return allowed == null || allowed.contains(id);
    }

    void accept(int id) {
        constraint.accept(id);
        ids.add(id);
    }

    /// Draws until the reply ends; after `patience` tokens what closes something is preferred.
    ConstrainedReply draw(int patience) {
        for (int n = 0; n < 20_000; n++) {
            TokenSet allowed = Objects.requireNonNull(constraint.allowed());
            assertThat(allowed.isEmpty()).as("after %s", text()).isFalse();
            int id = choose(allowed, n > patience);
            accept(id);
            if (id == END) {
                return this;
            }
        }
        throw new AssertionError("no end: " + text());
    }

    /// Draws for a while from what markers are made of, piece by piece and as whole tokens, as far as it is
    /// allowed.
    ConstrainedReply provoke(int tokens) {
        for (int n = 0; n < tokens; n++) {
            String piece = MARKUP.get(random.nextInt(MARKUP.size()));
            int[] ids = random.nextBoolean() ? TOKENIZER.encode(piece) : TOKENIZER.encodeOrdinary(piece);
            for (int id : ids) {
                if (mayWrite(id)) {
                    accept(id);
                }
            }
        }
        return this;
    }

    private int choose(TokenSet allowed, boolean close) {
        if (close && allowed.contains(END)) {
            return END;
        }
        if (close && random.nextInt(6) > 0) {
            var closing = CLOSING.stream()
                    .map(ConstrainedReply::id)
                    .filter(allowed::contains)
                    .toList();
            if (!closing.isEmpty()) {
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

    /// All that was written, markers as text.
    String text() {
        return TOKENIZER.decode(ids.stream().mapToInt(i -> i).toArray());
    }

    Transcript transcript(boolean reasoning) {
        return Transcript.stream(reasoning, false, List.of(text()));
    }
}
