package ai.hadal;

import ai.hadal.chat.Reply;
import ai.hadal.chat.ReplyEvent;
import ai.hadal.chat.ToolCall;
import ai.hadal.engine.FinishReason;
import ai.hadal.engine.Usage;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A finished reply and what it took.
///
/// @param reply what the model said; its calls carry ids
/// @param malformed what it wrote against the protocol, one for each fault; the reply leaves it out
/// @param reason why it ended
/// @param usage token counts
/// @param prefillNanos time from the start to the first token
/// @param decodeNanos time for the tokens after the first
/// @param drafted tokens that were guessed and verified ahead
/// @param accepted those of them that were right
public record Answer(
        Reply reply,
        List<ReplyEvent.Malformed> malformed,
        FinishReason reason,
        Usage usage,
        long prefillNanos,
        long decodeNanos,
        long drafted,
        long accepted) {

    private static final double NANOS = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    public Answer {
        malformed = List.copyOf(malformed);
    }

    /// The answer without its reasoning.
    public String text() {
        return reply.content();
    }

    public String reasoning() {
        return reply.reasoning();
    }

    /// The calls that are safe to run: none if the reply was cut off or malformed while it made them.
    public List<ToolCall> toolCalls() {
        return reply.toolCalls();
    }

    /// Whether the reply ended before the model was done.
    public boolean cutOff() {
        return reason == FinishReason.LENGTH || reason == FinishReason.CANCELLED;
    }

    /// Speed of decoding, tokens per second after the first one; 0 when there is no second token.
    public double tokensPerSecond() {
        return usage.output() < 2 ? 0 : (usage.output() - 1) * NANOS / Math.max(1, decodeNanos);
    }

    /// Speed of reading the part of the prompt that was not cached, tokens per second.
    public double promptTokensPerSecond() {
        return (usage.prompt() - usage.cached()) * NANOS / Math.max(1, prefillNanos);
    }

    /// The answer as one object: `text`, `reasoning`, `tool_calls` (OpenAI form), `malformed`, `finish_reason`
    /// (`stop`, `tool_calls`, `length` or `cancelled`), `usage` in tokens and `timings` in milliseconds and tokens
    /// per second, with the drafted tokens and those accepted if there were any.
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("text", text()).put("reasoning", reasoning());
        json.set("tool_calls", MessageJson.toolCalls(toolCalls()));
        var faults = json.putArray("malformed");
        malformed.forEach(
                fault -> faults.addObject().put("reason", fault.reason()).put("raw", fault.raw()));
        json.put("finish_reason", finishReason());
        json.putObject("usage")
                .put("prompt_tokens", usage.prompt())
                .put("cached_tokens", usage.cached())
                .put("reasoning_tokens", usage.reasoning())
                .put("completion_tokens", usage.output())
                .put("total_tokens", usage.prompt() + usage.output());
        var timings = json.putObject("timings")
                .put("time_to_first_token_ms", rounded(prefillNanos / NANOS_PER_MILLI))
                .put("total_ms", rounded((prefillNanos + decodeNanos) / NANOS_PER_MILLI))
                .put("prompt_tokens_per_second", rounded(promptTokensPerSecond()))
                .put("tokens_per_second", rounded(tokensPerSecond()));
        if (drafted > 0) {
            timings.put("draft_n", drafted).put("draft_n_accepted", accepted);
        }
        return json;
    }

    /// To three decimals, which is what a clock is good for.
    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private String finishReason() {
        return switch (reason) {
            case END_OF_TURN -> toolCalls().isEmpty() ? "stop" : "tool_calls";
            case STOP -> "stop";
            case LENGTH -> "length";
            case CANCELLED -> "cancelled";
        };
    }
}
