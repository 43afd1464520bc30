package ai.hadal.grammar;

/// A grammar ready for use on the tokens of one vocabulary. What constraints find out about it they share, so
/// one object should serve all texts under the same grammar. For any number of threads.
///
/// The tokens that a state allows are found by walking the vocabulary's trie and the automaton together.
/// Where a token leaves the rule it began in, the answer depends on the rules beneath; the walk stops there
/// and is continued for the state beneath, and each such piece is kept by itself. So what is kept is a
/// function of states alone, and as texts grow nearly all of every mask is put together from pieces that are
/// known.
public final class CompiledGrammar {

    /// Where more tokens than this would be listed, they are kept as bits.
    private static final int FEW = 256;

    private static final long MAX_BYTES = 64L << 20;

    private static final int MAX_KEPT = 50_000;

    /// Nearly all tokens are no longer than this, in bytes.
    private static final int NEAR = 16;

    private final Automaton automaton;
    private final GrammarVocabulary vocabulary;

    private Configurations walker;
    private long kept;
    private long visited;

    CompiledGrammar(Automaton automaton, GrammarVocabulary vocabulary) {
        this.automaton = automaton;
        this.vocabulary = vocabulary;
        walker = new Configurations(automaton, MAX_KEPT);
    }

    /// A constraint for a new text.
    public GrammarConstraint constraint() {
        return new GrammarConstraint(this);
    }

    Automaton automaton() {
        return automaton;
    }

    GrammarVocabulary vocabulary() {
        return vocabulary;
    }

    /// The number of nodes of the trie that were walked over so far.
    synchronized long visited() {
        return visited;
    }

    /// What these states allow below a node.
    synchronized PartialMask mask(Configuration.Part part, int node) {
        Configuration bare = bare(part, horizon());
        PartialMask known = bare.masks.get(node);
        if (known == null) {
            known = find(part, bare, node);
            bare.masks.put(node, known);
            kept += known.size();
            if (kept > MAX_BYTES) {
                walker = new Configurations(automaton, MAX_KEPT);
                kept = 0;
            }
        }
        return known;
    }

    /// A text longer than any token, in bytes.
    private int horizon() {
        return vocabulary.trie().deepest() + 1;
    }

    /// Near the bound of a repetition every count is a case of its own, but only for tokens long enough to
    /// reach the bound; the others are those of any count far from it.
    @SuppressWarnings("ReferenceEquality") // equal configurations are one object
    private PartialMask find(Configuration.Part part, Configuration bare, int node) {
        var found = new Ints();
        var exits = new Ints();
        Configuration near = bare(part, Math.min(NEAR, horizon()));
        int nearest = 0;
        if (near != bare) {
            nearest = vocabulary.trie().depth(node) + NEAR;
            mask(new Configuration.Part(near.states, near.counts, Stack.BOTTOM), node)
                    .copyUpTo(nearest, vocabulary.trie(), found, exits);
        }
        walk(bare, node, nearest, found, exits);
        return found.size() <= FEW
                ? new PartialMask(new long[0], found.toArray(), exits.toArray())
                : new PartialMask(bits(found), new int[0], exits.toArray());
    }

    /// The states with counts that stand for all that are alike for texts of so many bytes; two may become
    /// one.
    private Configuration bare(Configuration.Part part, int horizon) {
        var states = new Ints();
        var counts = new Ints();
        for (int i = 0; i < part.states().length; i++) {
            int state = part.states()[i];
            State.Loop loop = automaton.state(state).loop;
            int count = loop == null ? 0 : loop.representative(part.counts()[i], horizon);
            int last = states.size() - 1;
            if (last < 0 || states.get(last) != state || counts.get(last) != count) {
                states.add(state);
                counts.add(count);
            }
        }
        return walker.bare(states.toArray(), counts.toArray());
    }

    /// Collects tokens and exits below a node that are deeper than `nearest`.
    private void walk(Configuration from, int top, int nearest, Ints found, Ints exits) {
        TokenTrie trie = vocabulary.trie();
        var path = new Configuration[trie.deepest() + 1];
        path[trie.depth(top)] = from;
        int node = top + 1;
        int end = trie.end(top);
        while (node < end) {
            if (trie.deepestBelow(node) <= nearest) {
                node = trie.end(node);
                continue;
            }
            visited++;
            int depth = trie.depth(node);
            Configuration here = walker.step(path[depth - 1], trie.byteOf(node));
            if (here.isDead()) {
                node = trie.end(node);
                continue;
            }
            path[depth] = here;
            if (trie.token(node) >= 0 && depth > nearest) {
                found.add(trie.token(node));
            }
            if (here.complete && trie.end(node) > node + 1 && depth > nearest) {
                exits.add(node);
            }
            node++;
        }
    }

    private long[] bits(Ints ids) {
        var words = new long[words()];
        for (int i = 0; i < ids.size(); i++) {
            words[ids.get(i) >> 6] |= 1L << ids.get(i);
        }
        return words;
    }

    /// The length of a set of tokens in words.
    int words() {
        return (vocabulary.tokenizer().size() + 63) >> 6;
    }
}
