package ai.hadal.server.reply;

import ai.hadal.chat.ReplyEvent;
import ai.hadal.engine.TokenLogprobs;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes what becomes of a request, on the thread that runs the [Exchange]. What it throws cancels the
/// request.
public interface ReplyHandler {

    /// The request was taken. Comes first.
    default void begin() throws IOException {}

    /// Prompt tokens read so far, cached ones included.
    default void prefill(long done, long total) throws IOException {}

    /// A choice grew by a token.
    ///
    /// @param events what the token added; may be none
    /// @param token the token, if log probabilities were asked for
    void grew(int choice, List<ReplyEvent> events, @Nullable Token token) throws IOException;

    /// A choice has ended. Comes once for each choice.
    void finished(int choice, Finish finish) throws IOException;

    /// There was nothing to tell for a while; a chance to find out whether the caller is still there.
    default void idle() throws IOException {}

    /// A token with its log probabilities.
    ///
    /// @param reasoning whether it belongs to the reasoning
    record Token(int id, boolean reasoning, TokenLogprobs logprobs) {}
}
