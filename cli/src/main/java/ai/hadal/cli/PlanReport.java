package ai.hadal.cli;

import ai.hadal.train.TrainingPlan;
import ai.hadal.train.TrainingPlan.Stage;
import java.io.PrintWriter;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a recipe will cost, for people and for programs.
record PlanReport(TrainingPlan plan, Machine machine) {

    void print(PrintWriter out) {
        fact(out, "recipe", plan.recipe());
        fact(out, "run", plan.output());
        fact(out, "model", plan.model());
        fact(out, "machine", machine.toString());
        fact(
                out,
                "compute",
                plan.threads()
                        + (plan.threads() == 1 ? " thread" : " threads")
                        + (plan.peakFlops() > 0 ? ", at most " + Shown.flops(plan.peakFlops()) + "/s" : ""));
        fact(
                out,
                "parameters",
                Shown.count(plan.parameters()) + " total, " + Shown.count(plan.activeParameters())
                        + " active per token");
        out.println();
        parts(out);
        out.println();
        memory(out);
        out.println();
        stages(out);
    }

    private static void fact(PrintWriter out, String name, String value) {
        out.printf("%-11s %s%n", name, TerminalText.line(value));
    }

    private void parts(PrintWriter out) {
        var table = new Table("part", "optimiser", "parameters", "active", "share").left(2);
        for (var part : plan.parts()) {
            table.add(
                    TerminalText.line(part.name()),
                    TerminalText.line(part.optimizer()),
                    Shown.whole(part.parameters()),
                    Shown.whole(part.activeParameters()),
                    TrainScreen.percent((double) part.parameters() / plan.parameters()));
        }
        table.add("total", "", Shown.whole(plan.parameters()), Shown.whole(plan.activeParameters()), "");
        table.print(out);
    }

    private void memory(PrintWriter out) {
        var memory = plan.memory();
        var table = new Table("memory", "size");
        table.add("weights", Shown.size(memory.weights()));
        table.add("gradients", Shown.size(memory.gradients()));
        table.add("optimiser", Shown.size(memory.optimizer()));
        table.add("activations", Shown.size(memory.activations()));
        table.add("total", Shown.size(memory.total()));
        table.print(out);
    }

    private void stages(PrintWriter out) {
        var table = new Table("stage", "steps", "per step", "tokens", "per token", "tokens/s", "of peak", "time");
        for (var stage : plan.stages()) {
            table.add(
                    TerminalText.line(stage.name()),
                    Shown.whole(stage.steps()),
                    Shown.whole(stage.stepTokens()),
                    Shown.count(stage.tokens()),
                    Shown.flops(stage.flopsPerToken()),
                    stage.tokensPerSecond() > 0 ? Shown.whole(Math.round(stage.tokensPerSecond())) : "-",
                    TrainScreen.percent(shareOfPeak(stage)),
                    time(stage.seconds()));
        }
        table.add("total", Shown.whole(plan.steps()), "", Shown.count(plan.tokens()), "", "", "", time(plan.seconds()));
        table.print(out);
        out.println();
        out.println(Shown.flops(plan.flops()) + " in all; times are estimates at the speed measured now.");
    }

    private double shareOfPeak(Stage stage) {
        boolean known = plan.peakFlops() > 0 && stage.tokensPerSecond() > 0;
        return known ? stage.tokensPerSecond() * stage.flopsPerToken() / plan.peakFlops() : Double.NaN;
    }

    private static String time(double seconds) {
        return Double.isNaN(seconds) ? "-" : Shown.duration(seconds);
    }

    ObjectNode json() {
        var root = JsonNodeFactory.instance.objectNode();
        root.put("recipe", plan.recipe());
        root.put("output", plan.output());
        root.put("model", plan.model());
        root.put("processor", machine.processor());
        root.put("memory_bytes", machine.memoryBytes());
        root.put("threads", plan.threads());
        put(root, "peak_flops_per_second", plan.peakFlops() > 0 ? plan.peakFlops() : Double.NaN);
        root.put("parameters", plan.parameters());
        root.put("active_parameters", plan.activeParameters());
        var parts = root.putArray("parts");
        for (var part : plan.parts()) {
            parts.addObject()
                    .put("name", part.name())
                    .put("optimizer", part.optimizer())
                    .put("parameters", part.parameters())
                    .put("active_parameters", part.activeParameters());
        }
        root.putObject("memory")
                .put("weights", plan.memory().weights())
                .put("gradients", plan.memory().gradients())
                .put("optimizer", plan.memory().optimizer())
                .put("activations", plan.memory().activations())
                .put("total", plan.memory().total());
        var stages = root.putArray("stages");
        for (var stage : plan.stages()) {
            var node = stages.addObject()
                    .put("name", stage.name())
                    .put("steps", stage.steps())
                    .put("tokens_per_step", stage.stepTokens())
                    .put("sequence_length", stage.sequenceLength())
                    .put("tokens", stage.tokens())
                    .put("flops_per_token", stage.flopsPerToken());
            put(node, "tokens_per_second", stage.tokensPerSecond() > 0 ? stage.tokensPerSecond() : Double.NaN);
            put(node, "seconds", stage.seconds());
        }
        root.put("steps", plan.steps());
        root.put("tokens", plan.tokens());
        root.put("flops", plan.flops());
        put(root, "seconds", plan.seconds());
        return root;
    }

    /// What is not known is null.
    private static void put(ObjectNode node, String name, double value) {
        if (Double.isNaN(value)) {
            node.putNull(name);
        } else {
            node.put(name, value);
        }
    }
}
