package ai.hadal.server.openai;

import ai.hadal.engine.SamplingOptions;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import ai.hadal.server.reply.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;

/// The fields that say how to sample: OpenAI's, and the ones that vLLM and llama.cpp have besides (`top_k`,
/// `min_p`, `repetition_penalty`, `priority`).
final class SamplingFields {

    /// Likely tokens to report for each position.
    static final int MOST_LOGPROBS = 20;

    private static final int MOST_CHOICES = 128;
    private static final int MOST_STOPS = 16;
    private static final int MOST_BIASES = 1024;

    private SamplingFields() {}

    /// @param maxTokens the limit of new tokens, 0 for none
    /// @param logprobs as in [Settings]
    static Settings read(Fields body, int maxTokens, int logprobs, int vocabulary) {
        var sampling = new SamplingOptions(
                body.number("temperature", 1, 0, 2),
                body.integer("top_k", 0, -1, Integer.MAX_VALUE) <= 0
                        ? 0
                        : body.integer("top_k", 0, 1, Integer.MAX_VALUE),
                Settings.topP(body.number("top_p", 1, 0, 1)),
                body.number("min_p", 0, 0, 1),
                body.number("repetition_penalty", 1, 0.01, 10),
                body.number("frequency_penalty", 0, -2, 2),
                body.number("presence_penalty", 0, -2, 2),
                bias(body, vocabulary),
                body.integer("seed", ThreadLocalRandom.current().nextLong(), Long.MIN_VALUE, Long.MAX_VALUE));
        return new Settings(
                sampling,
                maxTokens,
                body.texts("stop", MOST_STOPS),
                body.integer("n", 1, 1, MOST_CHOICES),
                logprobs,
                body.integer("priority", 0, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    private static Map<Integer, Float> bias(Fields body, int vocabulary) {
        var fields = body.object("logit_bias");
        if (fields == null) {
            return Map.of();
        }
        var bias = new HashMap<Integer, Float>();
        for (Map.Entry<String, JsonNode> entry : fields.json().properties()) {
            bias.put(id(entry.getKey(), vocabulary), (float) fields.number(entry.getKey(), 0, -100, 100));
        }
        if (bias.size() > MOST_BIASES) {
            throw ApiException.invalid("logit_bias", "'logit_bias' names more than " + MOST_BIASES + " tokens");
        }
        return bias;
    }

    private static int id(String key, int vocabulary) {
        try {
            int id = Integer.parseInt(key);
            if (id >= 0 && id < vocabulary) {
                return id;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw ApiException.invalid(
                "logit_bias", "'logit_bias' names '" + key + "', which is no token id below " + vocabulary);
    }
}
