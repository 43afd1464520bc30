package ai.hadal.train.nano;

import java.util.List;
import java.util.stream.Collectors;

/// A table of an exam's report as text cells: the first column to the left, the others to the right.
///
/// @param title what it shows
/// @param head names of the columns
public record ExamTable(String title, List<String> head, List<List<String>> rows) {

    /// Title and table in Markdown.
    public String markdown() {
        var lines = new StringBuilder(title).append("\n\n").append(line(head));
        lines.append("|---").append("|---:".repeat(head.size() - 1)).append("|\n");
        rows.forEach(row -> lines.append(line(row)));
        return lines.toString();
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
