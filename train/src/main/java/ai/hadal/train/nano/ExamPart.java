package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;

/// A part of an exam: questions that are counted together.
public sealed interface ExamPart {

    /// Name of the task.
    String task();

    ThinkingMode mode();

    /// Questions of a task in a mode.
    record Plain(String task, ThinkingMode mode) implements ExamPart {}

    /// Questions about something that stands at one place of a long text.
    ///
    /// @param tokens length of the text, roughly
    /// @param depthPercent where it stands, from 0 for the beginning to 100 for the end
    record Retrieval(String task, ThinkingMode mode, int tokens, int depthPercent) implements ExamPart {}

    /// A mode by the name that tables and JSON show.
    static String name(ThinkingMode mode) {
        return switch (mode) {
            case NON_THINK -> "non-think";
            case HIGH -> "high";
            case MAX -> "max";
        };
    }
}
