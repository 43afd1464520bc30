package ai.hadal.chat;

import ai.hadal.error.HadalException;

/// A conversation that cannot be encoded. The message names the place (`messages[3].task`), the cause and the fix;
/// [#problem] says the same to a program.
public class ChatException extends HadalException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ChatException(Problem problem, String message) {
        super(message);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }

    /// What can be wrong with a conversation. A `position` counts the messages from the first of the context on.
    public sealed interface Problem {

        record EmptyDeveloper(int position) implements Problem {}

        record UnknownRole(String role) implements Problem {}

        record UnknownTask(Task task) implements Problem {}

        /// Tool-call arguments that are JSON of another kind.
        ///
        /// @param kind `list`, `str`, `int`, `float`, `bool` or `NoneType`
        record ArgumentsNotObject(String kind) implements Problem {}

        /// A part of a user message the model cannot read.
        ///
        /// @param block index of the part within its merged user turn
        record UserContentNotText(int block, String type) implements Problem {}

        record MissingField(String field) implements Problem {}

        record UnknownMode(String mode) implements Problem {}

        record UnknownEffort(String effort) implements Problem {}
    }
}
