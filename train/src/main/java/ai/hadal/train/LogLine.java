package ai.hadal.train;

import ai.hadal.train.TrainingListener.Start;
import ai.hadal.train.TrainingListener.Step;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Events as JSON and back.
final class LogLine {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final MathContext PRECISE = new MathContext(6);
    private static final MathContext COARSE = new MathContext(4);

    private LogLine() {}

    static ObjectNode of(Start start) {
        var line = event("started");
        line.put("total_steps", start.totalSteps());
        line.put("first_step", start.firstStep());
        line.put("parameters", start.parameters());
        put(line, "flops_per_token", start.flopsPerToken(), PRECISE);
        put(line, "peak_flops", start.peakFlops(), COARSE);
        return line;
    }

    static ObjectNode of(Step step) {
        var line = event("step");
        line.put("step", step.step());
        line.put("stage", step.stage());
        line.put("tokens", step.tokens());
        line.put("step_tokens", step.stepTokens());
        put(line, "loss", step.loss(), PRECISE);
        put(line, "mtp_loss", step.mtpLoss(), PRECISE);
        put(line, "indexer_loss", step.indexerLoss(), PRECISE);
        put(line, "learning_rate", step.learningRate(), PRECISE);
        put(line, "gradient_norm", step.gradientNorm(), PRECISE);
        put(line, "seconds", step.seconds(), COARSE);
        put(line, "flops", step.flops(), COARSE);
        var load = line.putArray("expert_load");
        for (float share : step.expertLoad()) {
            load.add(rounded(share, COARSE));
        }
        return line;
    }

    static ObjectNode saved(long step, Path folder) {
        var line = event("saved");
        line.put("step", step);
        line.put("folder", folder.toString());
        return line;
    }

    static ObjectNode rolledBack(long step, long backTo, String reason) {
        var line = event("rolled_back");
        line.put("step", step);
        line.put("back_to", backTo);
        line.put("reason", reason);
        return line;
    }

    static ObjectNode finished(Path model) {
        var line = event("finished");
        line.put("model", model.toString());
        return line;
    }

    private static ObjectNode event(String name) {
        return JsonNodeFactory.instance.objectNode().put("event", name);
    }

    private static void put(ObjectNode line, String name, double value, MathContext digits) {
        line.set(name, rounded(value, digits));
    }

    /// JSON has no word for what is not a number: null.
    private static JsonNode rounded(double value, MathContext digits) {
        var nodes = JsonNodeFactory.instance;
        return Double.isFinite(value)
                ? nodes.numberNode(new BigDecimal(value).round(digits).doubleValue())
                : nodes.nullNode();
    }

    /// The object on a line, if it is one.
    static Optional<JsonNode> parse(String line) {
        try {
            return Optional.of(MAPPER.readTree(line)).filter(JsonNode::isObject);
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    /// Whether an event is history for a run that continues with a step. A checkpoint of that step is, since the
    /// run continues from it; the start of a run is, if that run took steps before.
    static boolean happensBefore(JsonNode line, long step) {
        return switch (event(line)) {
            case "started" -> line.path("first_step").asLong(0) < step;
            case "saved" -> line.path("step").asLong(0) <= step && step > 0;
            case "rolled_back" -> line.path("back_to").asLong(0) <= step && step > 0;
            case "finished" -> false;
            default -> line.path("step").asLong(0) < step;
        };
    }

    static String event(JsonNode line) {
        return line.path("event").asString("");
    }
}
