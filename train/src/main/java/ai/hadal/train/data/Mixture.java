package ai.hadal.train.data;

import ai.hadal.error.HadalException;
import ai.hadal.train.nano.Draw;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Several sources as one. Of every 1,024 documents each source gives its share by weight, at least one; which comes
/// when is shuffled. Each source's own documents come in their order, none left out.
public final class Mixture implements DataSource {

    private static final int CYCLE = 1024;

    /// A source and its weight, a share of documents.
    public record Part(DataSource source, double weight) {}

    private final List<Part> parts;
    private final long seed;
    private final int[] shares;
    private final int[] order = new int[CYCLE];
    /// How many documents of the same source come before each place of the cycle.
    private final int[] earlier = new int[CYCLE];

    private long cycle = -1;

    /// @throws HadalException if there are no parts, too many, or a weight is not above 0
    public Mixture(long seed, List<Part> parts) {
        this.parts = List.copyOf(parts);
        this.seed = seed;
        if (parts.isEmpty() || parts.size() > CYCLE / 2) {
            throw new HadalException(
                    "a mixture of " + parts.size() + " sources cannot be made; give 1 to " + CYCLE / 2);
        }
        parts.forEach(part -> {
            if (!(part.weight() > 0 && part.weight() < Double.POSITIVE_INFINITY)) {
                throw new HadalException("the weight " + part.weight()
                        + " of a source is no share; give a number above 0 or leave the source out");
            }
        });
        shares = shares(parts.stream().mapToDouble(Part::weight).toArray());
    }

    /// One for each, the rest in proportion, rounded down; what is then left goes to the largest remainders.
    private static int[] shares(double[] weights) {
        double total = Arrays.stream(weights).sum();
        var exact = new double[weights.length];
        var shares = new int[weights.length];
        for (int i = 0; i < shares.length; i++) {
            exact[i] = Math.max(1, weights[i] / total * CYCLE);
            shares[i] = (int) exact[i];
        }
        int[] byRemainder = IntStream.range(0, shares.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> shares[i] - exact[i]))
                .mapToInt(i -> i)
                .toArray();
        int left = CYCLE - Arrays.stream(shares).sum();
        for (int i = 0; left > 0; i = (i + 1) % shares.length, left--) {
            shares[byRemainder[i]]++;
        }
        while (left < 0) {
            shares[largest(shares)]--;
            left++;
        }
        return shares;
    }

    private static int largest(int[] shares) {
        int largest = 0;
        for (int i = 1; i < shares.length; i++) {
            largest = shares[i] > shares[largest] ? i : largest;
        }
        return largest;
    }

    @Override
    public List<Document> documents(long index, int mostTokens) {
        if (index / CYCLE != cycle) {
            cycle = index / CYCLE;
            shuffle();
        }
        int place = (int) (index % CYCLE);
        int part = order[place];
        return parts.get(part).source().documents(cycle * shares[part] + earlier[place], mostTokens);
    }

    private void shuffle() {
        int slot = 0;
        for (int part = 0; part < shares.length; part++) {
            Arrays.fill(order, slot, slot + shares[part], part);
            slot += shares[part];
        }
        var draw = Draw.of(seed, cycle);
        for (int i = CYCLE - 1; i > 0; i--) {
            int j = draw.integer(0, i);
            int part = order[i];
            order[i] = order[j];
            order[j] = part;
        }
        var given = new int[shares.length];
        for (int i = 0; i < CYCLE; i++) {
            earlier[i] = given[order[i]]++;
        }
    }
}
