package ai.hadal.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Rows of text in aligned columns: the first to the left, the others to the right.
final class Table {

    private final List<String[]> rows = new ArrayList<>();
    private int leftColumns = 1;

    Table(String... head) {
        rows.add(head);
    }

    /// Aligns this many columns to the left instead of one.
    Table left(int columns) {
        leftColumns = columns;
        return this;
    }

    void add(String... cells) {
        if (cells.length != rows.getFirst().length) {
            throw new IllegalArgumentException(cells.length + " cells for " + rows.getFirst().length + " columns");
        }
        rows.add(cells);
    }

    void print(PrintWriter out) {
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row[i]));
            }
        }
        for (String[] row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String gap = " ".repeat(widths[i] - width(row[i]));
                line.append("  ").append(i < leftColumns ? row[i] + gap : gap + row[i]);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
