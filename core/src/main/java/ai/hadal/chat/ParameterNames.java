package ai.hadal.chat;

import ai.hadal.grammar.CompiledGrammar;
import ai.hadal.grammar.Grammar;
import ai.hadal.grammar.GrammarConstraint;
import ai.hadal.grammar.GrammarVocabulary;
import ai.hadal.grammar.TokenConstraint;
import ai.hadal.grammar.TokenSet;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps a call from naming a parameter twice, which no grammar can where names are free: the beginning of a
/// tag with a name that was used may not be spelled again before the next call.
final class ParameterNames {

    private static final String PARAMETER = "parameter" + DsmlGrammar.NAME;
    private static final String INVOKE = "invoke" + DsmlGrammar.NAME;

    /// Names beyond this are compared no more.
    private static final int MAX_TAG = 4096;

    private final GrammarVocabulary vocabulary;
    private final Set<String> used = new LinkedHashSet<>();
    private final ByteArrayOutputStream sinceMarker = new ByteArrayOutputStream();
    private @Nullable CompiledGrammar grammar;
    private @Nullable GrammarConstraint unused;

    ParameterNames(GrammarVocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    TokenSet restrict(TokenSet allowed) {
        TokenConstraint names = unused;
        TokenSet restricted = names == null ? null : names.allowed();
        return restricted == null ? allowed : allowed.and(restricted);
    }

    void accept(int id, boolean marker) {
        if (marker) {
            endTag(sinceMarker.toString(StandardCharsets.UTF_8));
            sinceMarker.reset();
        } else {
            if (sinceMarker.size() < MAX_TAG && vocabulary.tokenizer().isOrdinary(id)) {
                sinceMarker.writeBytes(vocabulary.tokenizer().bytes(id));
            }
            if (unused != null) {
                unused.accept(id);
            }
        }
    }

    /// What stood between two markers.
    private void endTag(String text) {
        int end = text.indexOf('"', PARAMETER.length());
        if (text.startsWith(INVOKE)) {
            used.clear();
            grammar = null;
        } else if (text.startsWith(PARAMETER) && end > 0 && used.add(text.substring(0, end + 1))) {
            grammar = vocabulary.compile(Grammar.textWithout(List.copyOf(used)));
        }
        CompiledGrammar compiled = grammar;
        unused = compiled == null ? null : compiled.constraint();
    }
}
