package ai.hadal.grammar;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Keeps one text inside a grammar. The end-of-sentence token is allowed exactly where the text may end, and
/// after it nothing else.
public final class GrammarConstraint implements TokenConstraint {

    private static final int RECENT = 32;
    private static final int MAX_KEPT = 4_000;

    /// Below a node of the trie, the tokens of one configuration.
    private record Work(Configuration configuration, int node) {}

    private final CompiledGrammar grammar;
    private final Configurations configurations;
    private final int end;
    /// The sets of the places visited last.
    private final Map<Configuration, TokenSet> recent = new LinkedHashMap<>(RECENT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Configuration, TokenSet> eldest) {
            return size() > RECENT;
        }
    };

    private Configuration now;
    private boolean ended;

    GrammarConstraint(CompiledGrammar grammar) {
        this.grammar = grammar;
        configurations = new Configurations(grammar.automaton(), MAX_KEPT);
        end = grammar.vocabulary().tokenizer().eosId();
        now = configurations.start();
    }

    /// Whether the text may end here.
    public boolean canEnd() {
        return now.complete;
    }

    @Override
    public TokenSet allowed() {
        if (ended) {
            return TokenSet.of(end);
        }
        TokenSet known = recent.get(now);
        if (known == null) {
            known = find();
            recent.put(now, known);
        }
        return known;
    }

    private TokenSet find() {
        var words = new long[grammar.words()];
        Set<Work> seen = new HashSet<>();
        var open = new ArrayDeque<Work>();
        open.add(new Work(now, 0));
        while (!open.isEmpty()) {
            Work work = open.remove();
            for (Configuration.Part part : configurations.parts(work.configuration)) {
                PartialMask mask = grammar.mask(part, work.node);
                mask.addTo(words);
                if (part.stack().frames.length == 0) {
                    continue;
                }
                Configuration returned = configurations.returned(part.stack());
                for (int exit : mask.exits()) {
                    var below = new Work(returned, exit);
                    if (seen.add(below)) {
                        open.add(below);
                    }
                }
            }
        }
        for (int id : configurations.tokens(now)) {
            words[id >> 6] |= 1L << id;
        }
        if (now.complete) {
            words[end >> 6] |= 1L << end;
        }
        return TokenSet.ofBits(words);
    }

    @Override
    public void accept(int id) {
        if (id == end && (ended || now.complete)) {
            ended = true;
            return;
        }
        var tokenizer = grammar.vocabulary().tokenizer();
        Configuration next = now;
        if (ended || id < 0 || id >= tokenizer.size()) {
            throw refused(id);
        }
        if (tokenizer.isOrdinary(id)) {
            for (byte b : tokenizer.bytes(id)) {
                next = configurations.step(next, b & 0xFF);
            }
        } else {
            next = configurations.token(next, id);
        }
        if (next.isDead()) {
            throw refused(id);
        }
        now = next;
    }

    private static IllegalArgumentException refused(int id) {
        return new IllegalArgumentException("The grammar does not allow the token " + id + " here");
    }
}
