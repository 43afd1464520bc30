package ai.hadal.train;

import ai.hadal.train.data.Document;
import ai.hadal.train.gradient.Vectors;
import ai.hadal.train.model.Mode;
import ai.hadal.train.model.ModelPass;
import ai.hadal.train.model.ModelPass.Factors;
import ai.hadal.train.model.ModelPass.Sums;
import ai.hadal.train.model.Parameter;
import ai.hadal.train.model.Parameters;
import ai.hadal.train.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/// One step on several threads: gradients of packs side by side, then the moves of parameters side by side.
///
/// Packs belong to a fixed number of gradient buffers, which are added in order; every parameter is moved whole by
/// one thread. So the number of threads changes no bit.
final class StepRunner implements AutoCloseable {

    /// Gradient buffers at most, whatever the number of packs.
    static final int MOST_BUFFERS = 8;

    /// What the packs of a step gave; losses are means.
    ///
    /// @param load share of each expert, 1 = even, over all blocks that choose by score
    record Result(
            Mode mode,
            int tokens,
            double loss,
            double mtpLoss,
            double indexerLoss,
            double flops,
            float[] load,
            Map<String, long[]> counts,
            int buffers) {}

    /// Which parameters move.
    record Moved(boolean indexers, boolean onlyIndexers, boolean mtp) {

        boolean includes(Parameter p) {
            if (p.isIndexer()) {
                return indexers;
            }
            return !onlyIndexers && (mtp || !p.name().startsWith("mtp."));
        }
    }

    private final Parameters parameters;
    private final Optimizer optimizer;
    private final int threads;
    private final ExecutorService executor;
    private final ConcurrentLinkedQueue<ModelPass> passes = new ConcurrentLinkedQueue<>();
    private final List<float[]> gradients = new ArrayList<>();
    private final List<Parameter> bySize;

    StepRunner(Parameters parameters, Optimizer optimizer, int threads) {
        this.parameters = parameters;
        this.optimizer = optimizer;
        this.threads = threads;
        executor = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("hadal-train-", 0).daemon().factory());
        for (int i = 0; i < threads; i++) {
            passes.add(new ModelPass(parameters));
        }
        // The slow ones first, so that threads end together.
        bySize = parameters.list().stream()
                .sorted(Comparator.comparingInt(Parameter::size).reversed())
                .toList();
    }

    Result gradients(List<List<Document>> packs, Mode mode, boolean rounded) {
        parameters.refresh(rounded);
        int buffers = Math.min(MOST_BUFFERS, packs.size());
        while (gradients.size() < buffers) {
            gradients.add(new float[parameters.size()]);
        }
        int tokens =
                packs.stream().flatMap(List::stream).mapToInt(Document::length).sum();
        int predicted = packs.stream().mapToInt(p -> ModelPass.predicted(p, 1)).sum();
        int ahead = packs.stream().mapToInt(p -> ModelPass.predicted(p, 2)).sum();
        int documents = packs.stream().mapToInt(List::size).sum();
        int positions = indexed(packs);
        var factors = new Factors(
                1f / Math.max(1, predicted),
                mode.mtpLoss() / Math.max(1, ahead),
                mode.indexerLoss() / Math.max(1, positions),
                mode.balanceLoss() / documents);
        var sums = new Sums[packs.size()];
        parallel(buffers, buffer -> {
            float[] target = gradients.get(buffer);
            Arrays.fill(target, 0f);
            var pass = passes.remove();
            try {
                for (int i = buffer; i < sums.length; i += buffers) {
                    sums[i] = pass.run(packs.get(i), mode, factors, target);
                }
            } finally {
                passes.add(pass);
            }
        });
        return result(packs, mode, sums, tokens, predicted, ahead, positions, buffers);
    }

    /// Positions that an indexer learns from: those with at least two entries.
    private int indexed(List<List<Document>> packs) {
        return packs.stream()
                .flatMap(List::stream)
                .mapToInt(document -> Math.max(0, document.length() - 7))
                .sum();
    }

    private Result result(
            List<List<Document>> packs,
            Mode mode,
            Sums[] sums,
            int tokens,
            int predicted,
            int ahead,
            int positions,
            int buffers) {
        double loss = 0;
        double mtpLoss = 0;
        double indexerLoss = 0;
        Map<String, long[]> counts = new LinkedHashMap<>();
        for (var sum : sums) {
            loss += sum.loss();
            mtpLoss += sum.mtpLoss();
            indexerLoss += sum.indexerLoss();
            sum.load().forEach((bias, load) -> counts.merge(bias, load.clone(), StepRunner::added));
        }
        boolean mtp = mode.mtpLoss() > 0;
        var config = parameters.config();
        double flops = tokens * Flops.perToken(parameters, mtp)
                + (predicted + (mtp ? ahead : 0)) * Flops.perPrediction(config);
        for (var pack : packs) {
            for (var document : pack) {
                flops += Flops.attention(config, document, mtp, mode.sparse());
            }
        }
        return new Result(
                mode,
                tokens,
                loss / Math.max(1, predicted),
                mtp ? mtpLoss / Math.max(1, ahead) : Double.NaN,
                indexerLoss / Math.max(1, positions),
                flops,
                shares(counts, config.experts()),
                counts,
                buffers);
    }

    private static long[] added(long[] a, long[] b) {
        for (int e = 0; e < a.length; e++) {
            a[e] += b[e];
        }
        return a;
    }

    private static float[] shares(Map<String, long[]> counts, int experts) {
        float[] shares = new float[experts];
        for (long[] load : counts.values()) {
            double total = Math.max(1, Arrays.stream(load).sum());
            for (int e = 0; e < experts; e++) {
                shares[e] += (float) (load[e] / total * experts / counts.size());
            }
        }
        return shares;
    }

    /// Moves the parameters by the last gradients; returns the norm of all of them.
    double move(float rate, long step, Moved moved, Result result, float balanceRate) {
        double[] squares = new double[bySize.size()];
        var queue = new ConcurrentLinkedQueue<Integer>();
        for (int i = 0; i < bySize.size(); i++) {
            queue.add(i);
        }
        float[] sum = gradients.getFirst();
        parallel(threads, worker -> {
            for (Integer i = queue.poll(); i != null; i = queue.poll()) {
                var p = bySize.get(i);
                for (int b = 1; b < result.buffers(); b++) {
                    Vectors.add(sum, p.offset(), gradients.get(b), p.offset(), p.size());
                }
                squares[i] = square(sum, p);
                if (moved.includes(p)) {
                    optimizer.move(p, sum, rate, step, worker);
                }
            }
        });
        if (!moved.onlyIndexers()) {
            result.counts().forEach((bias, load) -> optimizer.balance(parameters.get(bias), load, balanceRate));
        }
        return Math.sqrt(Arrays.stream(squares).sum());
    }

    private static double square(float[] gradients, Parameter p) {
        double square = 0;
        for (int i = p.offset(); i < p.offset() + p.size(); i++) {
            square += (double) gradients[i] * gradients[i];
        }
        return square;
    }

    /// Runs a task for `0 .. tasks-1` on the threads and waits for all.
    private void parallel(int tasks, IntConsumer task) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            int index = i;
            running.add(executor.submit(() -> task.accept(index)));
        }
        for (var future : running) {
            try {
                future.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted in the middle of a step", e);
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case RuntimeException failure -> throw failure;
                    case Error failure -> throw failure;
                    case null, default -> throw new IllegalStateException(e);
                }
            }
        }
    }

    @Override
    public void close() {
        executor.close();
        passes.forEach(ModelPass::close);
    }
}
