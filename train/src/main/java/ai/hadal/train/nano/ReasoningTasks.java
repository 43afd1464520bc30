package ai.hadal.train.nano;

import java.util.List;

/// Arithmetic, quantities, logic, strings and code.
final class ReasoningTasks {

    private ReasoningTasks() {}

    static List<Task> all() {
        return List.of(
                new Addition(),
                new Subtraction(),
                new Multiplication(),
                new Division(),
                new Comparison(),
                new Sequence(),
                new Percent(),
                new WordProblem(),
                new Units(),
                new Dates(),
                new Logic(),
                new Spelling(),
                new Lists(),
                new Code());
    }
}
