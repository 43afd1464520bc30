package ai.hadal.train.check;

import ai.hadal.backend.RopeTable;
import ai.hadal.train.check.DoubleExperts.Expert;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Every operation of the model at a small random point, to check its backward pass alone. Row r is at position r
/// of one document.
public final class OpCases {

    public static final int ROWS = 11;
    /// Of `compressor 128`: two entries and an incomplete block.
    public static final int LONG_ROWS = 260;

    /// Of the hyper-connections' cases: more than a vector has lanes.
    public static final int HYPER_ROWS = 19;

    public static final int WIDTH = 16;
    public static final int HEADS = 2;
    public static final int STREAMS = 4;
    public static final int EXPERTS = 4;
    public static final int PER_TOKEN = 2;
    public static final int EXPERT_WIDTH = 6;
    public static final int WINDOW = 5;
    public static final int INDEX_WIDTH = 8;
    public static final double EPS = 1e-6f;
    public static final double LIMIT = 1.5f;
    public static final double ROUTED_SCALE = 1.5f;
    public static final int SINKHORN = 20;
    public static final RopeTable ROPE = RopeTable.plain(10_000, 8);

    private final Numbers numbers = new Numbers(11);

    private OpCases() {}

    /// The case of a name.
    public static OpCase of(String name) {
        return all().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name));
    }

    public static List<OpCase> all() {
        var cases = new OpCases();
        List<OpCase> all = new ArrayList<>();
        cases.products(all);
        cases.compressors(all);
        cases.attentions(all);
        cases.experts(all);
        cases.hyperConnections(all);
        cases.losses(all);
        return all;
    }

    /// The entries of ratio 4 that a row of [#all]'s `attention selected` attends to.
    public static int[][] selected() {
        int[][] visible = DoubleAttention.visible(ROWS, 4);
        // The last rows leave out the first entry.
        return Arrays.stream(visible)
                .map(row -> row.length < 2 ? row : Arrays.copyOfRange(row, 1, row.length))
                .toArray(int[][]::new);
    }

    /// The experts of each row.
    public static int[][] chosen() {
        return IntStream.range(0, ROWS)
                .mapToObj(r -> new int[] {r % EXPERTS, (r + 1 + r / EXPERTS) % EXPERTS})
                .map(pair -> pair[0] == pair[1] ? new int[] {0, 2} : pair)
                .toArray(int[][]::new);
    }

    /// The token of each row, of a vocabulary of 7.
    public static int[] ids() {
        return IntStream.range(0, ROWS).map(r -> r * r % 7).toArray();
    }

    /// The probabilities p of `divergence`.
    public static double[] shares() {
        return new double[] {0.125, 0.25, 0.375, 0, 0.25};
    }

    private double[] normal(int n) {
        return numbers.doubles(n, 0, 1);
    }

    private double[] norm(int n) {
        return numbers.doubles(n, 1, 0.2);
    }

    private double[] matrix(int rows, int cols) {
        return numbers.doubles(rows * cols, 0, 1 / Math.sqrt(cols));
    }

    private void products(List<OpCase> all) {
        int rows = 3;
        all.add(OpCase.of("embed", numbers, "table", x -> DoubleModel.embed(x[0], ids(), WIDTH), normal(7 * WIDTH)));
        all.add(OpCase.of(
                "linear",
                numbers,
                "x w",
                x -> DoubleOps.linear(x[1], x[0], WIDTH),
                normal(rows * WIDTH),
                matrix(5, WIDTH)));
        all.add(OpCase.of(
                "grouped linear",
                numbers,
                "x w",
                x -> DoubleOps.groupedLinear(x[1], 2, x[0], WIDTH),
                normal(rows * 2 * WIDTH),
                matrix(6, WIDTH)));
        all.add(OpCase.of(
                "rms norm",
                numbers,
                "x norm",
                x -> DoubleOps.rmsNorm(x[0], x[1], EPS),
                normal(rows * WIDTH),
                norm(WIDTH)));
        all.add(OpCase.of(
                "query",
                numbers,
                "q",
                x -> DoubleOps.queryNormRope(x[0], HEADS, WIDTH, EPS, ROPE),
                normal(rows * HEADS * WIDTH)));
        all.add(OpCase.of(
                "inverse rope",
                numbers,
                "x",
                x -> DoubleOps.rope(x[0], HEADS, WIDTH, ROPE, 1, true),
                normal(rows * HEADS * WIDTH)));
        all.add(OpCase.of(
                "key value",
                numbers,
                "kv norm",
                x -> DoubleOps.keyValue(x[0], x[1], EPS, ROPE),
                normal(rows * WIDTH),
                norm(WIDTH)));
        all.add(OpCase.of(
                "index query",
                numbers,
                "q",
                x -> DoubleOps.indexQuery(x[0], HEADS, INDEX_WIDTH, ROPE),
                normal(rows * HEADS * INDEX_WIDTH)));
    }

    private void compressors(List<OpCase> all) {
        compressor(all, "compressor 4", ROWS, 4, WIDTH, false);
        compressor(all, "compressor 128", LONG_ROWS, 128, WIDTH, false);
        compressor(all, "index compressor", ROWS, 4, INDEX_WIDTH, true);
    }

    private void compressor(List<OpCase> all, String name, int rows, int ratio, int width, boolean hadamard) {
        int channels = ratio == 4 ? 2 * width : width;
        all.add(OpCase.of(
                name,
                numbers,
                "values gates ape norm",
                x -> new DoubleCompressor(ratio, x[2], x[3], EPS, ROPE, hadamard).entries(x[0], x[1]),
                normal(rows * channels),
                normal(rows * channels),
                numbers.doubles(ratio * channels, 0, 0.5),
                norm(width)));
    }

    private void attentions(List<OpCase> all) {
        int[][] nothing = DoubleAttention.visible(ROWS, 0);
        attention(all, "attention window", nothing);
        attention(all, "attention selected", selected());
    }

    private void attention(List<OpCase> all, String name, int[][] selected) {
        var attention = new DoubleAttention(HEADS, WIDTH, WINDOW);
        boolean compressed = selected[ROWS - 1].length > 0;
        double[] q = normal(ROWS * HEADS * WIDTH);
        double[] kv = normal(ROWS * WIDTH);
        double[] sink = normal(HEADS);
        double[] entries = normal(compressed ? ROWS / 4 * WIDTH : 0);
        all.add(
                compressed
                        ? OpCase.of(
                                name,
                                numbers,
                                "q kv sink entries",
                                x -> attention
                                        .attend(x[0], x[1], x[3], selected, x[2])
                                        .out(),
                                q,
                                kv,
                                sink,
                                entries)
                        : OpCase.of(
                                name,
                                numbers,
                                "q kv sink",
                                x -> attention
                                        .attend(x[0], x[1], entries, selected, x[2])
                                        .out(),
                                q,
                                kv,
                                sink));
    }

    private void experts(List<OpCase> all) {
        all.add(OpCase.of(
                "router",
                numbers,
                "logits",
                x -> DoubleExperts.weights(DoubleExperts.affinities(x[0]), chosen(), ROUTED_SCALE),
                normal(ROWS * EXPERTS)));
        List<double[]> inputs = new ArrayList<>();
        List<String> names = new ArrayList<>(List.of("u", "weights"));
        inputs.add(normal(ROWS * WIDTH));
        inputs.add(numbers.doubles(ROWS * PER_TOKEN, 0.7, 0.2));
        for (int e = 0; e <= EXPERTS; e++) {
            String p = e == EXPERTS ? "shared." : e + ".";
            names.addAll(List.of(p + "w1", p + "w2", p + "w3"));
            inputs.add(matrix(EXPERT_WIDTH, WIDTH));
            inputs.add(matrix(WIDTH, EXPERT_WIDTH));
            inputs.add(matrix(EXPERT_WIDTH, WIDTH));
        }
        all.add(OpCase.of("experts", numbers, String.join(" ", names), OpCases::mix, inputs.toArray(double[][]::new)));
    }

    private static double[] mix(double[][] x) {
        List<Expert> experts = new ArrayList<>();
        for (int i = 2; i < x.length; i += 3) {
            experts.add(new Expert(x[i], x[i + 1], x[i + 2]));
        }
        return DoubleExperts.mix(
                experts.subList(0, EXPERTS), LIMIT, experts.getLast(), LIMIT, x[0], chosen(), x[1], WIDTH);
    }

    private void hyperConnections(List<OpCase> all) {
        int rows = HYPER_ROWS;
        all.add(OpCase.of(
                "sinkhorn",
                numbers,
                "logits",
                x -> DoubleHyper.sinkhorn(x[0], STREAMS, SINKHORN, EPS),
                normal(STREAMS * STREAMS)));
        hyperPre(all, "hyper pre", SINKHORN);
        // Few passes, since many hide what one of them does.
        hyperPre(all, "hyper pre of two iterations", 2);
        all.add(OpCase.of(
                "hyper post",
                numbers,
                "y streams post comb",
                x -> DoubleHyper.post(x[0], x[1], x[2], x[3], STREAMS, WIDTH),
                normal(rows * WIDTH),
                normal(rows * STREAMS * WIDTH),
                norm(rows * STREAMS),
                numbers.doubles(rows * STREAMS * STREAMS, 0.25, 0.1)));
        all.add(OpCase.of(
                "hyper head",
                numbers,
                "streams fn base scale",
                x -> hyper(x[1], x[2], x[3], SINKHORN).head(x[0]),
                normal(rows * STREAMS * WIDTH),
                numbers.doubles(STREAMS * STREAMS * WIDTH, 0, 0.15),
                numbers.doubles(STREAMS, 0, 0.5),
                numbers.doubles(1, 0.7, 0.1)));
    }

    /// The outputs are x, then post, then comb, each for all rows.
    private void hyperPre(List<OpCase> all, String name, int iterations) {
        int n = (2 + STREAMS) * STREAMS;
        all.add(OpCase.of(
                name,
                numbers,
                "streams fn base scale",
                x -> joined(hyper(x[1], x[2], x[3], iterations).pre(x[0])),
                normal(HYPER_ROWS * STREAMS * WIDTH),
                numbers.doubles(n * STREAMS * WIDTH, 0, 0.15),
                numbers.doubles(n, 0, 0.5),
                numbers.doubles(3, 0.7, 0.1)));
    }

    private static DoubleHyper hyper(double[] fn, double[] base, double[] scale, int iterations) {
        return new DoubleHyper(fn, base, scale, STREAMS, iterations, EPS, EPS);
    }

    private static double[] joined(DoubleHyper.Pre pre) {
        double[] all = Arrays.copyOf(pre.x(), pre.x().length + pre.post().length + pre.comb().length);
        System.arraycopy(pre.post(), 0, all, pre.x().length, pre.post().length);
        System.arraycopy(pre.comb(), 0, all, pre.x().length + pre.post().length, pre.comb().length);
        return all;
    }

    /// Losses have one output a row (the balance loss one in all), so that rows may be weighted.
    private void losses(List<OpCase> all) {
        all.add(OpCase.of(
                "cross entropy",
                numbers,
                "logits",
                x -> IntStream.range(0, ROWS)
                        .mapToDouble(r -> DoubleLosses.crossEntropy(x[0], r, 7, ids()[r]))
                        .toArray(),
                numbers.doubles(ROWS * 7, 0, 2)));
        all.add(OpCase.of(
                "balance",
                numbers,
                "logits",
                x -> new double[] {DoubleLosses.balance(DoubleExperts.affinities(x[0]), chosen())},
                normal(ROWS * EXPERTS)));
        all.add(OpCase.of(
                "index scores",
                numbers,
                "q w keys",
                x -> Arrays.stream(DoubleAttention.indexScores(x[0], x[1], x[2], HEADS, INDEX_WIDTH))
                        .flatMapToDouble(Arrays::stream)
                        .toArray(),
                normal(ROWS * HEADS * INDEX_WIDTH),
                normal(ROWS * HEADS),
                normal(ROWS / 4 * INDEX_WIDTH)));
        double[] p = shares();
        all.add(OpCase.of(
                "divergence", numbers, "scores", x -> new double[] {DoubleLosses.divergence(p, x[0])}, normal(5)));
    }
}
