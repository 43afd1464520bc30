package ai.hadal.train.nano;

/// Watches an exam; called on its thread.
public interface ExamListener {

    /// One that lets an exam run to its end.
    ExamListener NONE = new ExamListener() {};

    /// A question is answered. Questions end in an order of their own.
    default void answered(ExamAnswer answer) {}

    /// Something was read.
    ///
    /// @param answered questions answered so far
    /// @param questions questions of the whole exam
    /// @param tokens tokens read and generated so far
    default void progressed(int answered, int questions, long tokens) {}

    /// Whether to stop; asked before each step.
    default boolean cancelled() {
        return false;
    }
}
