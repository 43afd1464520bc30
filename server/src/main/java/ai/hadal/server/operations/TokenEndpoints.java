package ai.hadal.server.operations;

import ai.hadal.error.HadalException;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Call;
import ai.hadal.server.http.Fields;
import ai.hadal.tokenizer.Tokenizer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `POST /tokenize` and `POST /detokenize`, as vLLM and llama.cpp have them: `content` or `prompt` to
/// `tokens`, and `tokens` to `content` and `prompt`.
public final class TokenEndpoints {

    private final Tokenizer tokenizer;

    public TokenEndpoints(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// `{"content", "parse_special", "add_special", "with_pieces"}` to `{"tokens", "count"}`.
    public void tokenize(Call call) {
        Fields body = call.body();
        String text = body.has("content") ? body.requiredString("content") : body.requiredString("prompt");
        boolean special = body.bool("parse_special", true);
        int[] ids = special ? tokenizer.encode(text) : tokenizer.encodeOrdinary(text);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        var tokens = json.putArray("tokens");
        if (body.bool("add_special", body.bool("add_special_tokens", false))) {
            tokens.add(tokenizer.bosId());
        }
        for (int id : ids) {
            tokens.add(id);
        }
        json.put("count", tokens.size());
        if (body.bool("with_pieces", body.bool("return_token_strs", false))) {
            var pieces = json.putArray("token_strs");
            tokens.forEach(id -> pieces.add(tokenizer.token(id.intValue())));
        }
        call.send(json);
    }

    /// `{"tokens": [ids]}` to `{"content", "prompt"}`.
    public void detokenize(Call call) {
        Fields body = call.body();
        body.required("tokens");
        int[] ids = body.list("tokens").stream().mapToInt(this::id).toArray();
        String text;
        try {
            text = tokenizer.decode(ids);
        } catch (HadalException e) {
            throw ApiException.invalid("tokens", "'tokens': " + e.getMessage());
        }
        call.send(JsonNodeFactory.instance.objectNode().put("content", text).put("prompt", text));
    }

    private int id(JsonNode id) {
        if (!id.isIntegralNumber() || !id.canConvertToInt()) {
            throw ApiException.invalid("tokens", "'tokens' must be a list of token ids below " + tokenizer.size());
        }
        return id.intValue();
    }
}
