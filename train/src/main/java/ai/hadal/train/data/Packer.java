package ai.hadal.train.data;

import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.List;

/// Fills packs with whole documents in the order of a source; the first that does not fit opens the next pack.
public final class Packer implements PackSource {

    private static final int MOST_SKIPPED = 10_000;

    /// How far a packer has come.
    ///
    /// @param index the source's next index
    /// @param part the next of the documents at this index
    /// @param skipped how many indices had no document that fits
    public record State(long index, int part, long skipped) {

        public static final State START = new State(0, 0, 0);
    }

    private final DataSource source;
    private final int mostTokens;
    private State state;
    /// The documents at the state's index; empty if not yet drawn.
    private List<Document> current = List.of();

    /// @param mostTokens of a pack, at least 2
    public Packer(DataSource source, int mostTokens) {
        this(source, mostTokens, State.START);
    }

    /// A packer that goes on from a state of another one with the same source and size.
    public Packer(DataSource source, int mostTokens, State state) {
        if (mostTokens < 2) {
            throw new HadalException("a pack of " + mostTokens + " tokens teaches nothing; give it 2 or more");
        }
        this.source = source;
        this.mostTokens = mostTokens;
        this.state = state;
    }

    @Override
    public List<Document> nextPack() {
        var pack = new ArrayList<Document>();
        int tokens = 0;
        for (var next = next(); tokens + next.length() <= mostTokens; next = next()) {
            pack.add(next);
            tokens += next.length();
            state = new State(state.index(), state.part() + 1, state.skipped());
        }
        return List.copyOf(pack);
    }

    /// The document at the state, which moves to the next index that has one.
    private Document next() {
        for (int skipped = 0; skipped <= MOST_SKIPPED; ) {
            if (current.isEmpty()) {
                current = source.documents(state.index(), mostTokens);
            }
            if (state.part() < current.size()) {
                return current.get(state.part());
            }
            int none = current.isEmpty() ? 1 : 0;
            skipped += none;
            state = new State(state.index() + 1, 0, state.skipped() + none);
            current = List.of();
        }
        throw new HadalException(MOST_SKIPPED + " conversations in a row do not fit " + mostTokens
                + " tokens or have nothing to learn; make the sequences longer or give other data");
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public void close() {}
}
