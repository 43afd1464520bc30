package ai.hadal.train.nano;

import java.util.List;

/// Something to be known by heart.
///
/// @param statement the whole of it as a sentence, which reasoning recalls
/// @param questions ways to ask for it
/// @param answer what is answered
record Knowledge(String statement, List<String> questions, String answer) {

    /// Reasoning that recalls the statement; the careful form reads the question again.
    ///
    /// @param other what is recalled by mistake
    Thought recall(boolean slips, String question, Knowledge other, boolean zh) {
        String space = zh ? "" : " ";
        String wrong = slips && !other.statement.equals(statement) ? Script.mistake(other.statement + space) : "";
        String again = (zh ? "再读一次问题：" : "I read the question again: ") + question + space;
        return new Thought(
                statement,
                wrong.isEmpty()
                        ? statement + space + again + (zh ? "对。" : "Yes. ") + statement
                        : wrong + again + (zh ? "不对。" : "No. ") + statement);
    }
}
