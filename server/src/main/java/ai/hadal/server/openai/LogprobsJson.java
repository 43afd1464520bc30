package ai.hadal.server.openai;

import ai.hadal.server.reply.ReplyHandler.Token;
import ai.hadal.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Log probabilities in the form of the chat API; those of reasoning stand apart, as DeepSeek has them.
final class LogprobsJson {

    private final Tokenizer tokenizer;
    private ArrayNode content = JsonNodeFactory.instance.arrayNode();
    private ArrayNode reasoning = JsonNodeFactory.instance.arrayNode();

    LogprobsJson(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    void add(@Nullable Token token) {
        if (token == null || token.id() == tokenizer.eosId()) {
            return;
        }
        ObjectNode json = token(token.id(), token.logprobs().chosen());
        var top = json.putArray("top_logprobs");
        token.logprobs().top().forEach(entry -> top.add(token(entry.id(), entry.logprob())));
        (token.reasoning() ? reasoning : content).add(json);
    }

    private ObjectNode token(int id, double logprob) {
        byte[] bytes = id < tokenizer.size() ? tokenizer.bytes(id) : new byte[0];
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        // JSON has no infinity.
        json.put("token", new String(bytes, StandardCharsets.UTF_8)).put("logprob", Math.max(logprob, -9999));
        var array = json.putArray("bytes");
        for (byte b : bytes) {
            array.add(b & 0xFF);
        }
        return json;
    }

    /// What was added since the last time; null if nothing was.
    @Nullable
    ObjectNode take() {
        if (content.isEmpty() && reasoning.isEmpty()) {
            return null;
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("content", content);
        if (!reasoning.isEmpty()) {
            json.set("reasoning_content", reasoning);
        }
        json.putNull("refusal");
        content = JsonNodeFactory.instance.arrayNode();
        reasoning = JsonNodeFactory.instance.arrayNode();
        return json;
    }
}
