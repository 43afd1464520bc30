package ai.hadal.train.nano;

/// A fact of a text and the question for it.
///
/// @param subject what the question names, such as `Tom` or `the red box`
/// @param line the sentence of the text
/// @param value the answer
record Fact(String subject, String line, String question, String value) {}
