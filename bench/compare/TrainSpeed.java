import ai.hadal.train.RecipeFile;
import ai.hadal.train.Trainer;
import ai.hadal.train.TrainingListener;

/// How fast Hadal trains by a recipe, in the words of `train_torch.py` beside this file:
///
/// ```
/// java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:+UseCompactObjectHeaders \
///     -XX:+UseParallelGC -cp 'core/target/classes:train/target/classes:cli/target/lib/*' \
///     bench/compare/TrainSpeed.java bench/compare/speed.yaml 60 2
/// ```
///
/// Arguments: the recipe, steps, threads. The first third of the steps waits for the compiler and does not count.
void main(String[] arguments) throws IOException {
    int steps = Integer.parseInt(arguments[1]);
    int threads = Integer.parseInt(arguments[2]);
    Path folder = Files.createTempDirectory("hadal-speed");
    List<Double> speeds = new ArrayList<>();
    List<Double> times = new ArrayList<>();
    var listener = new TrainingListener() {
        @Override
        public void stepped(Step step) {
            IO.println("step %d: loss %.4f mtp %.4f  %.0f ms"
                    .formatted(step.step(), step.loss(), step.mtpLoss(), 1000 * step.seconds()));
            if (step.step() >= steps / 3) {
                speeds.add(step.stepTokens() / step.seconds());
                times.add(1000 * step.seconds());
            }
        }
    };
    var recipe = RecipeFile.read(Path.of(arguments[0]));
    try (var trainer = new Trainer(recipe, new Trainer.Options(folder, threads, false, steps))) {
        trainer.run(listener, () -> false);
    } finally {
        delete(folder);
    }
    IO.println("median of %d steps: %.0f tokens/s; %.0f ms a step, %d threads"
            .formatted(speeds.size(), median(speeds), median(times), threads));
}

/// The checkpoint that every run leaves.
void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
        }
    }
}

double median(List<Double> values) {
    var sorted = values.stream().sorted().toList();
    int n = sorted.size();
    return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
}
