package ai.hadal.server.openai;

import ai.hadal.server.reply.ReplyHandler.Token;
import ai.hadal.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Log probabilities of one choice in the form of completions: lists of tokens, their log probabilities,
/// the likely tokens of each position with the chosen one among them, and where each token starts in the
/// text, in characters.
final class CompletionLogprobs {

    /// JSON has no infinity.
    private static final double LEAST = -9999;

    private final Tokenizer tokenizer;
    private ObjectNode json = empty();
    private int offset;

    CompletionLogprobs(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    private static ObjectNode empty() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (String list : new String[] {"tokens", "token_logprobs", "top_logprobs", "text_offset"}) {
            json.putArray(list);
        }
        return json;
    }

    void add(@Nullable Token token) {
        if (token == null || token.id() == tokenizer.eosId()) {
            return;
        }
        double chosen = Math.max(token.logprobs().chosen(), LEAST);
        list("tokens").add(text(token.id()));
        list("token_logprobs").add(chosen);
        list("text_offset").add(offset);
        ObjectNode top = list("top_logprobs").addObject();
        token.logprobs().top().forEach(entry -> top.put(text(entry.id()), Math.max(entry.logprob(), LEAST)));
        top.put(text(token.id()), chosen);
        for (byte b : bytes(token.id())) {
            offset += startsCharacter(b) ? 1 : 0;
        }
    }

    private static boolean startsCharacter(byte b) {
        return (b & 0xC0) != 0x80;
    }

    private ArrayNode list(String name) {
        return json.withArray(name);
    }

    private byte[] bytes(int id) {
        return id < tokenizer.size() ? tokenizer.bytes(id) : new byte[0];
    }

    /// A part of a character is told by its bytes.
    private String text(int id) {
        byte[] bytes = bytes(id);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            var text = new StringBuilder("bytes:");
            for (byte b : bytes) {
                text.append(String.format("\\x%02x", b));
            }
            return text.toString();
        }
    }

    /// What was added since the last time; null if nothing was.
    @Nullable
    ObjectNode take() {
        if (json.path("tokens").isEmpty()) {
            return null;
        }
        ObjectNode taken = json;
        json = empty();
        return taken;
    }
}
