package ai.hadal.server.killed;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a client got.
///
/// @param text of the answer
/// @param reasoning before it
/// @param logprobs of reasoning and text where the dialect has them, a token each: they change with any bit of the
/// logits
/// @param end why it ended, in the words of the dialect; empty if it did not come so far
/// @param prompt tokens of the prompt
/// @param cached of them
/// @param output tokens of the answer
record Answered(
        String text, String reasoning, List<String> logprobs, String end, long prompt, long cached, long output) {

    private static final String DATA = "data: ";

    static Answered openAi(String body) {
        var json = JsonMapper.shared().readTree(body);
        var message = json.at("/choices/0/message");
        return new Answered(
                message.path("content").asString(""),
                message.path("reasoning_content").asString(""),
                logprobs(json),
                json.at("/choices/0/finish_reason").asString(""),
                json.at("/usage/prompt_tokens").asLong(0),
                json.at("/usage/prompt_tokens_details/cached_tokens").asLong(0),
                json.at("/usage/completion_tokens").asLong(0));
    }

    private static List<String> logprobs(JsonNode json) {
        var logprobs = json.at("/choices/0/logprobs");
        return Stream.of("reasoning_content", "content")
                .flatMap(part -> logprobs.path(part).values().stream())
                .map(JsonNode::toString)
                .toList();
    }

    static Answered anthropic(String body) {
        var json = JsonMapper.shared().readTree(body);
        var usage = json.path("usage");
        long cached = usage.path("cache_read_input_tokens").asLong(0);
        return new Answered(
                blocks(json, "text"),
                blocks(json, "thinking"),
                List.of(),
                json.path("stop_reason").asString(""),
                usage.path("input_tokens").asLong(0) + cached,
                cached,
                usage.path("output_tokens").asLong(0));
    }

    private static String blocks(JsonNode json, String type) {
        return json.path("content").values().stream()
                .filter(block -> block.path("type").asString("").equals(type))
                .map(block -> block.path(type).asString(""))
                .collect(Collectors.joining());
    }

    /// The lines of OpenAI's stream, whole or not.
    static Answered stream(List<String> lines) {
        var text = new StringBuilder();
        var reasoning = new StringBuilder();
        var logprobs = new ArrayList<String>();
        String end = "";
        var usage = JsonMapper.shared().missingNode();
        for (String line : lines) {
            if (!line.startsWith(DATA) || line.equals(DATA + "[DONE]")) {
                continue;
            }
            var json = JsonMapper.shared().readTree(line.substring(DATA.length()));
            var delta = json.at("/choices/0/delta");
            text.append(delta.path("content").asString(""));
            reasoning.append(delta.path("reasoning_content").asString(""));
            logprobs.addAll(logprobs(json));
            end = json.at("/choices/0/finish_reason").asString(end);
            usage = json.path("usage").isObject() ? json.path("usage") : usage;
        }
        return new Answered(
                text.toString(),
                reasoning.toString(),
                logprobs,
                end,
                usage.path("prompt_tokens").asLong(0),
                usage.at("/prompt_tokens_details/cached_tokens").asLong(0),
                usage.path("completion_tokens").asLong(0));
    }

    /// What does not depend on a cache.
    Answered withoutCached() {
        return new Answered(text, reasoning, logprobs, end, prompt, 0, output);
    }
}
