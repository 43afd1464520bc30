package ai.hadal.server.reply;

import ai.hadal.engine.SamplingOptions;
import ai.hadal.error.HadalException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One answer and all that it depended on, so that it can be given again.
///
/// @param requestId names the request
/// @param tenant whose request it was
/// @param time when it ended, as ISO 8601
/// @param fingerprint of checkpoint and numerics profile
/// @param prompt its token ids
/// @param sampling how tokens were chosen
/// @param maxTokens the limit of new tokens
/// @param stop the stop strings
/// @param rules what it had to keep to, as [RulesJson] writes it
/// @param output the token ids that were generated
/// @param finish why it ended
public record AuditRecord(
        String requestId,
        String tenant,
        String time,
        String fingerprint,
        int[] prompt,
        SamplingOptions sampling,
        int maxTokens,
        List<String> stop,
        JsonNode rules,
        int[] output,
        String finish) {

    private static final int VERSION = 1;
    private static final JsonMapper MAPPER = JsonMapper.shared();

    /// The record as one line of JSON.
    public String toLine() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("version", VERSION)
                .put("request_id", requestId)
                .put("tenant", tenant)
                .put("time", time)
                .put("fingerprint", fingerprint);
        var options = json.putObject("sampling")
                .put("temperature", sampling.temperature())
                .put("top_k", sampling.topK())
                .put("top_p", sampling.topP())
                .put("min_p", sampling.minP())
                .put("repetition_penalty", sampling.repetitionPenalty())
                .put("frequency_penalty", sampling.frequencyPenalty())
                .put("presence_penalty", sampling.presencePenalty())
                .put("seed", sampling.seed());
        var bias = options.putObject("logit_bias");
        sampling.logitBias().forEach((id, value) -> bias.put(Integer.toString(id), value));
        json.put("max_tokens", maxTokens);
        var stops = json.putArray("stop");
        stop.forEach(stops::add);
        json.set("rules", rules);
        ids(json, "prompt", prompt);
        ids(json, "output", output);
        return json.put("finish", finish).toString();
    }

    private static void ids(ObjectNode json, String name, int[] ids) {
        var array = json.putArray(name);
        for (int id : ids) {
            array.add(id);
        }
    }

    /// Reads a line that [#toLine] wrote.
    ///
    /// @throws HadalException if it is none
    public static AuditRecord parse(String line) {
        try {
            JsonNode json = MAPPER.readTree(line);
            if (json.path("version").asInt() != VERSION) {
                throw new HadalException("this is no record of an audit log of version " + VERSION
                        + "; give a file that --audit-log wrote");
            }
            var s = json.path("sampling");
            Map<Integer, Float> bias = new HashMap<>();
            s.path("logit_bias")
                    .properties()
                    .forEach(entry -> bias.put(
                            Integer.parseInt(entry.getKey()), entry.getValue().floatValue()));
            return new AuditRecord(
                    json.path("request_id").asString(),
                    json.path("tenant").asString(),
                    json.path("time").asString(),
                    json.path("fingerprint").asString(),
                    ids(json.path("prompt")),
                    new SamplingOptions(
                            s.path("temperature").doubleValue(),
                            s.path("top_k").intValue(),
                            s.path("top_p").doubleValue(),
                            s.path("min_p").doubleValue(),
                            s.path("repetition_penalty").doubleValue(),
                            s.path("frequency_penalty").doubleValue(),
                            s.path("presence_penalty").doubleValue(),
                            bias,
                            s.path("seed").longValue()),
                    json.path("max_tokens").intValue(),
                    StreamSupport.stream(json.path("stop").spliterator(), false)
                            .map(JsonNode::stringValue)
                            .toList(),
                    json.path("rules"),
                    ids(json.path("output")),
                    json.path("finish").asString());
        } catch (JacksonException | NumberFormatException e) {
            throw new HadalException("this is no record of an audit log; give a file that --audit-log wrote", e);
        }
    }

    private static int[] ids(JsonNode array) {
        return IntStream.range(0, array.size())
                .map(i -> array.get(i).intValue())
                .toArray();
    }
}
