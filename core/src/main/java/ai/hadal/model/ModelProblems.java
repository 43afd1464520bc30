package ai.hadal.model;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.error.HadalException;
import ai.hadal.model.TensorPlan.Planned;
import ai.hadal.tensor.WeightCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that is wrong with a checkpoint's tensors, where [ModelWeightsLoader] stops at the first.
public final class ModelProblems {

    /// Told how far a scan is, in tensors.
    public interface Progress {
        void scanned(int tensors, int total);
    }

    private ModelProblems() {}

    /// What names, formats and shapes tell: reads headers only.
    ///
    /// @return one sentence a tensor, in the order of the network
    public static List<String> headers(Checkpoint checkpoint, ModelConfig config) {
        var source = ModelWeightsLoader.source(checkpoint, null, config);
        List<String> problems = new ArrayList<>();
        TensorPlan.visit(config, planned -> {
            var problem = problem(() -> checkHeader(source, planned));
            if (problem != null) {
                problems.add(problem);
            }
        });
        return List.copyOf(problems);
    }

    /// What values tell: NaN in vectors and scales, tables that point past the experts. Reads every scale,
    /// gigabytes of a large model; tensors whose header is wrong are left out.
    ///
    /// @return one sentence a tensor, in the order of the network
    public static List<String> contents(Checkpoint checkpoint, ModelConfig config, Progress progress) {
        var source = ModelWeightsLoader.source(checkpoint, null, config);
        var binder = new WeightBinder(source, config);
        List<Planned> plan = TensorPlan.of(config);
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < plan.size(); i++) {
            var planned = plan.get(i);
            if (problem(() -> checkHeader(source, planned)) == null) {
                var problem = problem(() -> checkContent(source, binder, planned));
                if (problem != null) {
                    problems.add(problem);
                }
            }
            progress.scanned(i + 1, plan.size());
        }
        return List.copyOf(problems);
    }

    private static @Nullable String problem(Runnable check) {
        try {
            check.run();
            return null;
        } catch (HadalException e) {
            return e.getMessage();
        }
    }

    private static void checkHeader(WeightSource source, Planned planned) {
        if (planned.isMatrix()) {
            source.matrix(planned.name(), planned.shape()[0], planned.shape()[1]);
            return;
        }
        var stored = source.find(planned.name());
        if (stored == null) {
            throw source.missing(planned.name());
        }
        long[] shape = Arrays.stream(planned.shape()).asLongStream().toArray();
        if (!Arrays.equals(stored.tensor().shape(), shape)) {
            throw source.wrong(
                    planned.name(),
                    "has the shape " + Arrays.toString(stored.tensor().shape()) + " where " + Arrays.toString(shape)
                            + " is needed");
        }
    }

    private static void checkContent(WeightSource source, WeightBinder binder, Planned planned) {
        int[] shape = planned.shape();
        if (planned.isMatrix()) {
            WeightCheck.problem(source.matrix(planned.name(), shape[0], shape[1]))
                    .ifPresent(problem -> {
                        throw source.wrong(planned.name(), problem);
                    });
        } else if (!planned.parameters()) {
            binder.hashTable(planned.name());
        } else if (shape.length == 1) {
            binder.vector(planned.name(), shape[0]);
        } else {
            binder.table(planned.name(), shape[0], shape[1]);
        }
    }
}
