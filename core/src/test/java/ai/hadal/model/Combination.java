package ai.hadal.model;

import ai.hadal.testing.CoveringSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A way to the logits of one prompt.
///
/// @param threads of the backend
/// @param chunk tokens of the prompt in a step
/// @param history how the sequence came to its state
record Combination(int threads, int chunk, History history) {

    /// How a sequence came to its state after the first tokens.
    enum History {
        FRESH,
        FORK,
        /// And goes on with wrong drafts, which are taken back.
        ROLLBACK,
        RESTORED,
        /// From blocks of entries and a snapshot.
        JOINED,
        /// From blocks of entries that another text with the same start left, and the last tokens again.
        REPLAYED,
        BATCHED;

        private boolean comesFromParts() {
            return this == JOINED || this == REPLAYED;
        }
    }

    /// Of the prompt that [PromiseMatrix] takes.
    static final Combination WHOLE = new Combination(1, PromiseMatrix.PROMPT, History.FRESH);

    private static final List<Integer> THREADS = List.of(1, 2, 3);
    private static final List<Integer> CHUNKS = List.of(PromiseMatrix.PROMPT, 1, 7, 64, 128, 200);

    /// Once a sequence is put together, it goes on as any other, so that fewer sizes will do.
    private static final List<Integer> CHUNKS_AFTER_PARTS = List.of(PromiseMatrix.PROMPT, 7, 128);

    private static final History[] HISTORIES = History.values();

    private static Combination of(int threads, int chunk, int history) {
        return new Combination(THREADS.get(threads), CHUNKS.get(chunk), HISTORIES[history]);
    }

    private boolean isWanted() {
        return !history.comesFromParts() || CHUNKS_AFTER_PARTS.contains(chunk);
    }

    /// The full product.
    static List<Combination> all() {
        return CoveringSet.product(THREADS.size(), CHUNKS.size(), HISTORIES.length).stream()
                .map(row -> of(row[0], row[1], row[2]))
                .filter(Combination::isWanted)
                .toList();
    }

    /// A list for each of so many kernels. Each has every number of threads with every chunk size and with every
    /// history; together they have every chunk size with every history.
    ///
    /// @param scalar whether the first ones are scalar code, which has one thread and no time for a batch in many
    ///     steps
    static List<List<Combination>> pairwise(int kernels, boolean scalar) {
        record Place(List<Combination> list, int threads) {}
        var places = new ArrayList<Place>();
        var lists = new ArrayList<List<Combination>>();
        for (int k = 0; k < kernels; k++) {
            var list = new ArrayList<Combination>();
            lists.add(list);
            boolean one = scalar && k == 0;
            IntStream.range(0, one ? 1 : THREADS.size()).forEach(threads -> places.add(new Place(list, threads)));
        }
        CoveringSet.of(
                        row -> {
                            var combination = of(places.get(row[0]).threads(), row[1], row[2]);
                            return combination.isWanted() && !(scalar && row[0] == 0 && combination.isLong());
                        },
                        places.size(),
                        CHUNKS.size(),
                        HISTORIES.length)
                .forEach(row -> {
                    var place = places.get(row[0]);
                    place.list().add(of(place.threads(), row[1], row[2]));
                });
        lists.forEach(list -> list.sort(Comparator.comparingInt(Combination::threads)));
        return lists;
    }

    private boolean isLong() {
        return chunk == 1 && history == History.BATCHED;
    }

    /// As [#toString] wrote it.
    static Combination parse(String text) {
        String[] parts = text.split("/");
        return new Combination(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), History.valueOf(parts[2]));
    }

    @Override
    public String toString() {
        return threads + "/" + chunk + "/" + history;
    }
}
