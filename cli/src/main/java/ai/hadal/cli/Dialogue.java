package ai.hadal.cli;

import ai.hadal.Answer;
import ai.hadal.ReplyListener;
import ai.hadal.ReplyOptions;
import ai.hadal.chat.ThinkingMode;
import java.nio.file.Path;
import java.util.Optional;

/// A conversation, wherever its answers come from.
interface Dialogue {

    /// An answer.
    ///
    /// @param disk what was read from disk for it
    record Said(Answer answer, DiskReads disk) {}

    /// Says something and returns the answer.
    ///
    /// @throws ai.hadal.error.HadalException if there is none, or a part only
    Said reply(String text, ReplyOptions options, ReplyListener listener);

    /// The name of the mode.
    String mode();

    void setMode(ThinkingMode mode);

    /// The standing instructions, "" if there are none.
    String systemPrompt();

    void setSystemPrompt(String prompt);

    /// Messages so far, without the standing instructions.
    long messages();

    /// Takes back the last message and its answer, see [ai.hadal.Conversation#undo].
    Optional<String> undo();

    /// Forgets all but the standing instructions.
    void clear();

    void save(Path file);

    void load(Path file);

    /// Tokens that the context holds; 0 if that is not known.
    long contextLength();
}
