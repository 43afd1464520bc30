package ai.hadal.train.nano;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A few lines of Python or Java, written down while they run.
final class Program {

    /// `name = left`, or `name = left op right`; sides are names or numbers.
    record Assign(String name, String left, char op, String right) {

        String text() {
            return name + " = " + left + (op == ' ' ? "" : " " + op + " " + right);
        }
    }

    private final boolean java;
    private final Map<String, Integer> values = new TreeMap<>();
    private final List<String> code = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final List<String> states = new ArrayList<>();

    Program(boolean java) {
        this.java = java;
    }

    int value(String side) {
        return Character.isDigit(side.charAt(0)) ? Integer.parseInt(side) : values.getOrDefault(side, 0);
    }

    void set(String name, int value) {
        assign(new Assign(name, Integer.toString(value), ' ', ""));
    }

    void assign(Assign assign) {
        code.add((java && !values.containsKey(assign.name) ? "int " : "") + assign.text() + end());
        trace.add(run(assign));
    }

    private String end() {
        return java ? ";" : "";
    }

    private String run(Assign assign) {
        int left = value(assign.left);
        String sum = assign.name + "=" + left;
        int result = left;
        if (assign.op != ' ') {
            int right = value(assign.right);
            result = switch (assign.op) {
                case '+' -> left + right;
                case '-' -> left - right;
                default -> left * right;
            };
            sum += assign.op + "" + right + "=" + result;
        }
        values.put(assign.name, result);
        states.add(state());
        return sum;
    }

    private String state() {
        var state = new StringBuilder();
        values.forEach((name, value) -> state.append(state.isEmpty() ? "" : " ").append(name + "=" + value));
        return state.toString();
    }

    /// Runs the body for each value of `counter` from `first` to `last`.
    void loop(String counter, int first, int last, Assign body) {
        code.add(
                java
                        ? "for (int " + counter + " = " + first + "; " + counter + " <= " + last + "; " + counter
                                + "++) {"
                        : "for " + counter + " in range(" + first + ", " + (last + 1) + "):");
        close(body);
        for (int i = first; i <= last; i++) {
            values.put(counter, i);
            trace.add(counter + "=" + i + " " + run(body));
        }
    }

    /// Runs the body while a variable is larger than a number.
    void whileLarger(String name, int limit, Assign body) {
        code.add(java ? "while (" + name + " > " + limit + ") {" : "while " + name + " > " + limit + ":");
        close(body);
        while (compare(name, limit)) {
            trace.add(run(body));
        }
    }

    void ifLarger(String name, int limit, Assign yes, Assign no) {
        code.add(java ? "if (" + name + " > " + limit + ") {" : "if " + name + " > " + limit + ":");
        code.add("  " + yes.text() + end());
        code.add(java ? "} else {" : "else:");
        close(no);
        trace.add(run(compare(name, limit) ? yes : no));
    }

    private boolean compare(String name, int limit) {
        int value = value(name);
        trace.add(value + (value > limit ? ">" : value < limit ? "<" : "=") + limit);
        return value > limit;
    }

    private void close(Assign body) {
        code.add("  " + body.text() + end());
        if (java) {
            code.add("}");
        }
    }

    String code() {
        return String.join("\n", code);
    }

    String trace() {
        return String.join("\n", trace);
    }

    /// All variables after each line that changed one.
    String states() {
        return String.join("\n", states);
    }
}
