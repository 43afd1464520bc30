package ai.hadal.engine;

import ai.hadal.error.HadalException;
import java.util.Arrays;
import java.util.List;

/// What to generate, and for whom.
///
/// @param choices the wanted answers to one prompt; all have the same prompt, which is read once
/// @param boundaries lengths of the prompt at which a later prompt is likely to part from it, such as ends of messages;
///     ascending. The prefix cache keeps what it needs to continue there
/// @param tenant whose request it is; tenants get equal shares of the machine
/// @param priority requests with a lower number go first
public record ScheduledRequest(List<Choice> choices, int[] boundaries, String tenant, int priority) {

    /// One wanted answer.
    ///
    /// @param listener called on the scheduler's thread, so it must be quick
    public record Choice(GenerationRequest request, GenerationListener listener) {}

    /// A request of nobody in particular for one answer.
    public static ScheduledRequest of(GenerationRequest request, GenerationListener listener) {
        return new ScheduledRequest(List.of(new Choice(request, listener)), new int[0], "", 0);
    }

    public ScheduledRequest {
        choices = List.copyOf(choices);
        boundaries = boundaries.clone();
        if (choices.isEmpty()) {
            throw new HadalException("the request wants no answer; ask for at least one");
        }
        int[] prompt = choices.getFirst().request().prompt();
        for (var choice : choices) {
            if (!Arrays.equals(prompt, choice.request().prompt())) {
                throw new IllegalArgumentException("the choices of a request have different prompts");
            }
        }
    }

    /// The prompt of all choices.
    public int[] prompt() {
        return choices.getFirst().request().prompt();
    }
}
