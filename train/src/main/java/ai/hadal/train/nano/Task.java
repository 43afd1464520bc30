package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;

/// One kind of question of the built-in model's curriculum.
interface Task {

    /// A short name in lower case with hyphens; recipes and exam tables use it.
    String name();

    /// A question with its worked answer. The same draws give the same episode on every machine.
    Episode make(Draw draw, ThinkingMode mode);
}
