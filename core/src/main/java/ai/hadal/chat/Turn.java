package ai.hadal.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message after merging: what the prompt shows as one turn. A `position` is the message's index in context and
/// messages together, and of a merged turn that of its first message.
sealed interface Turn {

    int position();

    @Nullable
    Task task();

    /// User messages and tool results that follow each other.
    record User(int position, List<Block> blocks, @Nullable Task task) implements Turn {}

    /// Any other message, as it is.
    record Single(int position, Message message) implements Turn {
        @Override
        public @Nullable Task task() {
            return message.task();
        }
    }

    /// A part of a user turn.
    sealed interface Block {
        record Said(int position, ContentBlock content) implements Block {}

        record Result(String callId, List<ContentBlock> content) implements Block {}
    }

    /// Whether the model answers this turn, so that older reasoning is no longer needed.
    default boolean isPrompting() {
        return switch (this) {
            case User _ -> true;
            case Single single -> single.message() instanceof Message.Developer;
        };
    }

    /// Index of the last turn the model answers, -1 if there is none.
    static int lastPrompting(List<Turn> turns) {
        for (int i = turns.size() - 1; i >= 0; i--) {
            if (turns.get(i).isPrompting()) {
                return i;
            }
        }
        return -1;
    }
}
