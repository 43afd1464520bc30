package ai.hadal.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A run as its log tells it.
///
/// @param totalSteps steps of the whole recipe, 0 if the log does not say
/// @param parameters of the model, 0 if the log does not say
/// @param steps in order, each once
/// @param rollBacks numbers of the tokens after which the run went back
record LoggedRun(long totalSteps, long parameters, List<Point> steps, List<Long> rollBacks) {

    /// One step; values the log leaves out are NaN.
    record Point(
            long step,
            String stage,
            long tokens,
            double loss,
            double mtpLoss,
            double learningRate,
            double gradientNorm,
            double tokensPerSecond,
            double minLoad,
            double maxLoad) {}

    static LoggedRun read(Path log) {
        long totalSteps = 0;
        long parameters = 0;
        List<Point> steps = new ArrayList<>();
        List<Long> rollBacks = new ArrayList<>();
        int number = 0;
        for (String text : TrainingLog.lines(log)) {
            var line = TrainingLog.parse(log, text, ++number);
            switch (LogLine.event(line)) {
                case "started" -> {
                    totalSteps = line.path("total_steps").asLong(0);
                    parameters = line.path("parameters").asLong(0);
                }
                case "step" -> steps.add(point(line));
                case "rolled_back" ->
                    rollBacks.add(steps.isEmpty() ? 0 : steps.getLast().tokens());
                default -> {
                    // Other events have no place in a picture.
                }
            }
        }
        return new LoggedRun(totalSteps, parameters, List.copyOf(steps), List.copyOf(rollBacks));
    }

    private static Point point(JsonNode line) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (JsonNode share : line.path("expert_load")) {
            min = Math.min(min, number(share));
            max = Math.max(max, number(share));
        }
        return new Point(
                line.path("step").asLong(0),
                line.path("stage").asString(""),
                line.path("tokens").asLong(0),
                number(line.get("loss")),
                number(line.get("mtp_loss")),
                number(line.get("learning_rate")),
                number(line.get("gradient_norm")),
                number(line.get("step_tokens")) / number(line.get("seconds")),
                min <= max ? min : Double.NaN,
                min <= max ? max : Double.NaN);
    }

    private static double number(@Nullable JsonNode value) {
        return value != null && value.isNumber() ? value.asDouble() : Double.NaN;
    }
}
