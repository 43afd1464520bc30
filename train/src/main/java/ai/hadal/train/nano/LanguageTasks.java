package ai.hadal.train.nano;

import java.util.List;

/// Reading, remembering, using tools, and talking about Hadal.
final class LanguageTasks {

    private LanguageTasks() {}

    static List<Task> all() {
        return List.of();
    }
}
