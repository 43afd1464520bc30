package ai.hadal.train;

/// Steps of a run that never was, the same each time.
final class SimulatedSteps {

    private static final int STEP_TOKENS = 4096;

    private SimulatedSteps() {}

    static TrainingListener.Start start(long firstStep) {
        return new TrainingListener.Start(2000, firstStep, 4_210_688, 2.6e7, 1.12e11);
    }

    static TrainingListener.Step step(long step) {
        double noise = Math.sin(step * 12.9898) * Math.cos(step * 78.233);
        float[] load = new float[16];
        for (int e = 0; e < load.length; e++) {
            load[e] = (float) (1 + Math.exp(-step / 300.0) * Math.sin(e * 1.7) + 0.1 * Math.sin(step * 0.1 + e * 2.3));
        }
        double seconds = 0.5 + 0.05 * noise + (step < 600 ? 0 : 0.2);
        return new TrainingListener.Step(
                step,
                step < 600 ? "short" : step < 1500 ? "long" : "decay",
                (step + 1) * STEP_TOKENS,
                STEP_TOKENS,
                6.2 * Math.exp(-step / 180.0) + 0.9 + 0.15 * noise - 0.0002 * step,
                6.4 * Math.exp(-step / 220.0) + 1.5 + 0.1 * noise - 0.0002 * step,
                0.02 * Math.exp(-step / 500.0),
                step < 100 ? 3e-4 * step / 100 : step < 1500 ? 3e-4 : 3e-4 * (2000 - step) / 500,
                0.8 + 4 * Math.exp(-step / 50.0) + 0.3 * noise,
                seconds,
                STEP_TOKENS * 2.7e7,
                load);
    }
}
