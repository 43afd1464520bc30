package ai.hadal.server.anthropic;

import ai.hadal.engine.Usage;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Token counts in Anthropic's form: the prompt is the sum of what was read from the cache and what was not.
/// Keeping it there costs nothing, so no tokens count as written to the cache.
final class UsageJson {

    private UsageJson() {}

    static ObjectNode of(Usage usage) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("input_tokens", usage.prompt() - usage.cached())
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", usage.cached())
                .put("output_tokens", usage.output());
        json.putObject("output_tokens_details").put("thinking_tokens", usage.reasoning());
        return json.put("service_tier", "standard");
    }
}
