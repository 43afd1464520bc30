package ai.hadal.chat;

import ai.hadal.grammar.GrammarConstraint;
import ai.hadal.grammar.TokenConstraint;
import ai.hadal.grammar.TokenSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Keeps one reply to its rules and to the protocol: whatever is written under it, [ReplyStream] reports
/// nothing malformed. Made by [ReplyGrammars#constraint].
///
/// - Reasoning is free until `</think>`. Where a call or a format is demanded, the reply can't end before
/// that.
/// - Text is free. Where tools may be called, the marker `｜DSML｜` is allowed behind an empty line and `<`,
/// and from there on the block of calls follows its grammar.
/// - Where a call or a format is demanded, the grammar rules from the first token behind the reasoning.
/// - No other added token is allowed anywhere, nor ordinary tokens that spell one that matters.
public final class ReplyConstraint implements TokenConstraint {

    private enum Phase {
        REASONING,
        TEXT,
        STRUCTURE
    }

    private static final String BEFORE_CALLS = "\n\n<";

    private final ReplyGrammar grammar;
    private final ReplyTokens tokens;
    private Phase phase;
    /// Keeps markers from being spelled; begins anew behind every marker.
    private GrammarConstraint text;

    private @Nullable GrammarConstraint structure;
    private final ParameterNames names;
    /// The last bytes of the text, as many as [#BEFORE_CALLS] has.
    private String tail = "";

    private @Nullable TokenSet lastOfText;
    private @Nullable TokenSet lastOfAll;
    private boolean lastMayCall;

    ReplyConstraint(ReplyGrammar grammar, boolean reasoning) {
        this.grammar = grammar;
        tokens = grammar.tokens();
        text = grammar.text().constraint();
        names = new ParameterNames(grammar.vocabulary());
        phase = Phase.REASONING;
        if (!reasoning) {
            beginAnswer();
        }
    }

    private void beginAnswer() {
        text = grammar.text().constraint();
        phase = Phase.TEXT;
        if (grammar.whole() != null) {
            structure = grammar.whole().constraint();
            phase = Phase.STRUCTURE;
        }
    }

    @Override
    public TokenSet allowed() {
        if (phase == Phase.STRUCTURE) {
            return inStructure();
        }
        TokenSet free = text.allowed();
        boolean mayCall = phase == Phase.TEXT && grammar.calls() != null && tail.equals(BEFORE_CALLS);
        TokenSet known = lastOfAll;
        if (known == null || !isLast(free) || mayCall != lastMayCall) {
            known = free;
            if (phase == Phase.REASONING) {
                known = (grammar.whole() == null ? free : free.without(tokens.end())).with(tokens.thinkEnd());
            } else if (mayCall) {
                known = free.with(tokens.dsml());
            }
            lastOfText = free;
            lastOfAll = known;
            lastMayCall = mayCall;
        }
        return known;
    }

    @SuppressWarnings("ReferenceEquality") // comparing bits is as dear as copying them
    private boolean isLast(TokenSet free) {
        return free == lastOfText;
    }

    private TokenSet inStructure() {
        TokenSet inGrammar = Objects.requireNonNull(structure).allowed();
        TokenSet all = inGrammar.and(text.allowed());
        if (grammar.openParameters()) {
            all = names.restrict(all);
        }
        return inGrammar.contains(tokens.dsml()) ? all.with(tokens.dsml()) : all;
    }

    @Override
    public void accept(int id) {
        switch (phase) {
            case REASONING -> {
                if (id == tokens.thinkEnd()) {
                    lastOfText = null;
                    beginAnswer();
                } else {
                    text.accept(id);
                }
            }
            case TEXT -> {
                if (id == tokens.dsml() && grammar.calls() != null && tail.equals(BEFORE_CALLS)) {
                    structure = grammar.calls().constraint();
                    text = grammar.text().constraint();
                    phase = Phase.STRUCTURE;
                } else {
                    text.accept(id);
                    extendTail(id);
                }
            }
            case STRUCTURE -> {
                Objects.requireNonNull(structure).accept(id);
                if (id == tokens.dsml()) {
                    text = grammar.text().constraint();
                } else {
                    text.accept(id);
                }
                if (grammar.openParameters()) {
                    names.accept(id, id == tokens.dsml());
                }
            }
        }
    }

    private void extendTail(int id) {
        if (id != tokens.end()) {
            var longer = new StringBuilder(tail);
            for (byte b : grammar.vocabulary().tokenizer().bytes(id)) {
                longer.append((char) (b & 0xFF));
            }
            tail = longer.substring(Math.max(0, longer.length() - BEFORE_CALLS.length()));
        }
    }
}
