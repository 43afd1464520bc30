package ai.hadal.server.reply;

import ai.hadal.chat.ReplyEvent;
import ai.hadal.engine.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// How one choice ended.
///
/// @param stop the stop string that was reached, if one was
/// @param faults what the model wrote against the protocol or against a tool's schema; nothing of it is in
///     the answer
/// @param usage token counts
/// @param timings what it took
public record Finish(
        Reason reason, @Nullable String stop, List<ReplyEvent.Malformed> faults, Usage usage, Timings timings) {

    /// Why a choice ended.
    public enum Reason {
        /// The model was done, or a stop string was reached.
        STOP,
        /// The model waits for results of its calls.
        TOOL_CALLS,
        /// The limit of tokens was reached.
        LENGTH,
        /// The caller went away.
        CANCELLED
    }

    /// Nanoseconds.
    ///
    /// @param waited until the first step
    /// @param prefill from there to the first token
    /// @param decode for the tokens after the first
    public record Timings(long waited, long prefill, long decode) {}

    /// Reports the faults in an answer as `malformed`, a list of `{"reason", "raw"}`, if there are any.
    public void tellFaults(ObjectNode answer) {
        if (!faults.isEmpty()) {
            var list = answer.putArray("malformed");
            faults.forEach(
                    fault -> list.addObject().put("reason", fault.reason()).put("raw", fault.raw()));
        }
    }

    public Finish {
        faults = List.copyOf(faults);
    }
}
