package ai.hadal.train.nano;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Runs the programs of the code task from their text.
final class CodeAnswers {

    private final Map<String, Integer> values = new HashMap<>();

    static String code(String question) {
        var lines = new ArrayList<>(List.of(question.split("\n")));
        String asked =
                find(lines.removeLast(), "(?:What is |最后|)([a-z])(?:\\?| at|是)").group(1);
        lines.removeIf(line -> line.equals("}"));
        var run = new CodeAnswers();
        for (int i = 0; i < lines.size(); i++) {
            i = run.line(lines, i);
        }
        return run.values.get(asked).toString();
    }

    /// Runs a line with its block and returns the index of the last line it used.
    private int line(List<String> lines, int i) {
        String line = lines.get(i);
        if (line.startsWith("for")) {
            var n = NumberAnswers.numbers(line);
            int end = n.get(1) + (line.contains("<=") ? 1 : 0);
            for (int round = n.get(0); round < end; round++) {
                values.put("i", round);
                assign(lines.get(i + 1));
            }
            return i + 1;
        }
        if (line.startsWith("while")) {
            while (larger(line)) {
                assign(lines.get(i + 1));
            }
            return i + 1;
        }
        if (line.startsWith("if")) {
            assign(lines.get(larger(line) ? i + 1 : i + 3));
            return i + 3;
        }
        assign(line);
        return i;
    }

    private boolean larger(String line) {
        var condition = find(line, "([a-z]) > (\\d+)");
        return values.get(condition.group(1)) > Integer.parseInt(condition.group(2));
    }

    private void assign(String line) {
        var parts = find(line, "([a-z]) = (\\w+)(?: ([-+*]) (\\w+))?");
        int left = side(parts.group(2));
        int right = parts.group(3) == null ? 0 : side(parts.group(4));
        values.put(
                parts.group(1),
                "-".equals(parts.group(3)) ? left - right : "*".equals(parts.group(3)) ? left * right : left + right);
    }

    private int side(String text) {
        return values.containsKey(text) ? values.get(text) : Integer.parseInt(text);
    }

    private static MatchResult find(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().findFirst().orElseThrow(() -> new AssertionError(text));
    }
}
