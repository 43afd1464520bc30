package ai.hadal.train.nano;

/// A question that one call of a tool answers.
///
/// @param ask the question as a clause without its mark, such as `what is the price of tea`
/// @param statement the answer as a clause, such as `the price of tea is 12`
record ToolQuestion(Step step, String ask, String statement, boolean chinese) {

    String question() {
        return chinese ? ask + "？" : Words.capital(ask) + "?";
    }

    String answer() {
        return chinese ? statement + "。" : Words.capital(statement) + ".";
    }

    String key() {
        return step.value() + "=" + step.result();
    }
}
