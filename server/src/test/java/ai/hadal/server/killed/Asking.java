package ai.hadal.server.killed;

import ai.hadal.server.killed.Said.Role;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A request to continue a conversation whose answer is a function of it: greedy, or with a seed.
///
/// @param talk so far, which ends with what a user said
/// @param dialect of the request
/// @param seed of a sampled answer; greedy if negative
/// @param thinks whether the model reasons a little before it answers
/// @param maxTokens of the answer
/// @param never a token that the answer must not have; none if negative
record Asking(List<Said> talk, Dialect dialect, int seed, boolean thinks, int maxTokens, int never) {

    enum Dialect {
        OPENAI("/v1/chat/completions"),
        OPENAI_STREAM("/v1/chat/completions"),
        ANTHROPIC("/v1/messages");

        final String path;

        Dialect(String path) {
            this.path = path;
        }
    }

    private static final int MOST_THINKING = 10;

    String body() {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("max_tokens", maxTokens).put("temperature", seed < 0 ? 0 : 0.8);
        body.putObject("thinking").put("type", thinks ? "enabled" : "disabled");
        var messages = new ArrayList<>(talk);
        if (dialect == Dialect.ANTHROPIC) {
            body.put("model", "nano");
            body.put("system", messages.removeFirst().text());
        } else {
            body.put("max_thinking_tokens", MOST_THINKING);
            body.put("logprobs", true).put("top_logprobs", 2);
            if (seed >= 0) {
                body.put("seed", seed);
            }
            if (never >= 0) {
                body.putObject("logit_bias").put(Integer.toString(never), -100);
            }
            if (dialect == Dialect.OPENAI_STREAM) {
                body.put("stream", true).putObject("stream_options").put("include_usage", true);
            }
        }
        var array = body.putArray("messages");
        for (var said : messages) {
            var message = array.addObject().put("role", said.role().json).put("content", said.text());
            if (dialect != Dialect.ANTHROPIC
                    && said.role() == Role.ASSISTANT
                    && !said.reasoning().isEmpty()) {
                message.put("reasoning_content", said.reasoning());
            }
        }
        return body.toString();
    }
}
