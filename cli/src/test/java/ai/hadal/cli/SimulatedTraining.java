package ai.hadal.cli;

import ai.hadal.train.TrainingListener;
import ai.hadal.train.TrainingListener.Start;
import ai.hadal.train.TrainingListener.Step;
import ai.hadal.train.TrainingPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;

/// A run that computes nothing, the same each time. To see it on a terminal, run [#main].
record SimulatedTraining(Path output, long totalSteps, long firstStep, long mostSteps, long pauseMillis)
        implements Training {

    private static final int SAVE_EVERY = 100;
    private static final int STEP_TOKENS = 4096;

    /// Arguments: those of `hadal train`. The property `pause` is the length of a step in milliseconds.
    public static void main(String[] args) {
        var command = new TrainCommand(request -> new SimulatedTraining(
                request.output() == null ? Path.of("target", "simulated") : request.output(),
                2000,
                0,
                request.mostSteps(),
                Long.getLong("pause", 20)));
        System.exit(new CommandLine(command).execute(args));
    }

    @Override
    public Optional<Path> run(TrainingListener listener, BooleanSupplier stop) {
        listener.started(start(totalSteps, firstStep));
        boolean wentBack = false;
        for (long i = firstStep; i < totalSteps; i++) {
            LockSupport.parkNanos(pauseMillis * 1_000_000);
            listener.stepped(step(i));
            boolean stopped = i + 1 < totalSteps && (i + 1 - firstStep >= mostSteps || stop.getAsBoolean());
            if ((i + 1) % SAVE_EVERY == 0 || stopped) {
                listener.saved(i + 1, output.resolve("step-" + (i + 1)));
            }
            if (stopped) {
                return Optional.empty();
            }
            if (i == 730 && !wentBack) {
                wentBack = true;
                listener.rolledBack(i, 700, "the loss rose from 0.97 to 8.2");
                i = 699;
            }
        }
        Path model = output.resolve("model");
        listener.finished(model);
        return Optional.of(model);
    }

    static Start start(long totalSteps, long firstStep) {
        return new Start(totalSteps, firstStep, 4_210_688, 2.6e7, 6e11);
    }

    static Step step(long step) {
        double noise = Math.sin(step * 12.9898) * Math.cos(step * 78.233);
        float[] load = new float[32];
        for (int e = 0; e < load.length; e++) {
            load[e] = (float)
                    (1 + 0.8 * Math.exp(-step / 300.0) * Math.sin(e * 1.7) + 0.1 * Math.sin(step * 0.1 + e * 2.3));
        }
        return new Step(
                step,
                step < 600 ? "short" : step < 1500 ? "long" : "decay",
                (step + 1) * STEP_TOKENS,
                STEP_TOKENS,
                6.2 * Math.exp(-step / 180.0) + 0.9 + 0.15 * noise - 0.0002 * step,
                6.4 * Math.exp(-step / 220.0) + 1.5 + 0.1 * noise - 0.0002 * step,
                0.02 * Math.exp(-step / 500.0),
                step < 100 ? 3e-4 * step / 100 : step < 1500 ? 3e-4 : 3e-4 * (2000 - step) / 500,
                0.8 + 4 * Math.exp(-step / 50.0) + 0.3 * noise,
                0.5,
                STEP_TOKENS * 2.7e7,
                load);
    }

    @Override
    public TrainingPlan plan() {
        return new TrainingPlan(
                "simulated",
                output.toString(),
                output.resolve("model").toString(),
                List.of(
                        new TrainingPlan.Part("embedding", 1_048_576, 1_048_576, "AdamW"),
                        new TrainingPlan.Part("attention", 900_000, 900_000, "Muon"),
                        new TrainingPlan.Part("routed experts", 2_000_000, 250_000, "Muon"),
                        new TrainingPlan.Part("norms, gates, mHC", 51_424, 51_424, "AdamW")),
                new TrainingPlan.Memory(16_000_000, 16_000_000, 32_000_000, 120_000_000),
                2,
                1.2e11,
                List.of(
                        new TrainingPlan.Stage("short", 600, STEP_TOKENS, 256, 1.2e7, 4000),
                        new TrainingPlan.Stage("long", 1400, STEP_TOKENS, 1024, 1.6e7, 3000)));
    }
}
