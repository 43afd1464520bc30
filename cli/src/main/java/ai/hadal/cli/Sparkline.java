package ai.hadal.cli;

import java.util.List;
import java.util.stream.IntStream;

/// Numbers as pictures made of characters.
final class Sparkline {

    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final int BRAILLE = 0x2800;
    private static final int DOTS_ACROSS = 2;
    private static final int DOTS_DOWN = 4;
    /// The bit of each dot of a braille character, by row and column.
    private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

    private Sparkline() {}

    /// A bar of one character, its height a share of the largest.
    static char bar(double share) {
        int height = (int) (share * BARS.length());
        return BARS.charAt(Math.clamp(height, 0, BARS.length() - 1));
    }

    /// The means of equal stretches of values; the values themselves if there are no more than that many.
    static double[] stretches(double[] values, int count) {
        int n = Math.min(values.length, count);
        double[] means = new double[n];
        for (int i = 0; i < n; i++) {
            int from = (int) ((long) i * values.length / n);
            int to = (int) ((i + 1L) * values.length / n);
            means[i] = IntStream.range(from, to)
                    .mapToDouble(j -> values[j])
                    .average()
                    .orElse(Double.NaN);
        }
        return means;
    }

    /// A curve in braille dots, its highest value in the first row and its lowest in the last. Short histories fill
    /// a part of the columns.
    static List<String> curve(double[] values, int columns, int rows) {
        double[] points = stretches(values, columns * DOTS_ACROSS);
        double low = IntStream.range(0, points.length)
                .mapToDouble(i -> points[i])
                .min()
                .orElse(0);
        double high = IntStream.range(0, points.length)
                .mapToDouble(i -> points[i])
                .max()
                .orElse(0);
        int width = (points.length + DOTS_ACROSS - 1) / DOTS_ACROSS;
        int[][] cells = new int[rows][width];
        int before = -1;
        for (int x = 0; x < points.length; x++) {
            int bottom = rows * DOTS_DOWN - 1;
            int y = high > low ? (int) Math.round((high - points[x]) / (high - low) * bottom) : bottom / 2;
            // The curve stays in one piece where it is steep.
            int from = before < 0 || before == y ? y : before < y ? before + 1 : y;
            int to = before > y ? before - 1 : y;
            for (int dot = from; dot <= to; dot++) {
                cells[dot / DOTS_DOWN][x / DOTS_ACROSS] |= DOTS[dot % DOTS_DOWN][x % DOTS_ACROSS];
            }
            before = y;
        }
        return IntStream.range(0, rows)
                .mapToObj(row -> IntStream.of(cells[row])
                        .map(dots -> BRAILLE + dots)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString())
                .toList();
    }
}
