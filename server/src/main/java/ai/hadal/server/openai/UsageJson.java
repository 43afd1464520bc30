package ai.hadal.server.openai;

import ai.hadal.engine.Usage;
import ai.hadal.server.http.Fields;
import ai.hadal.server.reply.Finish;
import java.util.Collection;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Token counts and times of a request in OpenAI's form, with DeepSeek's counts of cached tokens.
final class UsageJson {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS = 1e9;

    private UsageJson() {}

    /// Whether a request wants token counts at the end of its stream.
    static boolean wanted(Fields body) {
        var options = body.object("stream_options");
        return options != null && options.bool("include_usage", false);
    }

    /// The usage of all choices of one request: the prompt counts once.
    static ObjectNode of(Collection<Finish> finishes) {
        long prompt = 0;
        long cached = 0;
        long output = 0;
        long reasoning = 0;
        for (var finish : finishes) {
            Usage usage = finish.usage();
            prompt = usage.prompt();
            cached = usage.cached();
            output += usage.output();
            reasoning += usage.reasoning();
        }
        return of(prompt, cached, output, reasoning);
    }

    static ObjectNode of(long prompt, long cached, long output, long reasoning) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("prompt_tokens", prompt).put("completion_tokens", output).put("total_tokens", prompt + output);
        json.putObject("prompt_tokens_details").put("cached_tokens", cached);
        json.putObject("completion_tokens_details").put("reasoning_tokens", reasoning);
        return json.put("prompt_cache_hit_tokens", cached).put("prompt_cache_miss_tokens", prompt - cached);
    }

    /// What a choice took, in milliseconds and tokens per second.
    static ObjectNode timings(Finish finish) {
        var timings = finish.timings();
        long output = finish.usage().output();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("queue_ms", timings.waited() / NANOS_PER_MILLI);
        json.put("time_to_first_token_ms", (timings.waited() + timings.prefill()) / NANOS_PER_MILLI);
        json.put("tokens_per_second", output < 2 ? 0 : (output - 1) * NANOS / Math.max(1, timings.decode()));
        return json;
    }
}
