package ai.hadal.cli;

import ai.hadal.backend.natives.Int8Peak;
import ai.hadal.train.gradient.PeakFlops;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;

/// How fast threads together can multiply and add from registers: the ceiling of prefill.
///
/// @param f32 operations a second on floats, two for each fused multiply-add of the Vector API
/// @param int8 operations a second on 8-bit integers, two for each multiply-add of the processor's dot product; empty
///     without the kernels in C
record MultiplyPeak(double f32, OptionalDouble int8) {

    static MultiplyPeak measure(int threads) {
        double f32 = together(threads, PeakFlops::measure);
        double int8 = together(threads, () -> Int8Peak.measure().orElse(0));
        return new MultiplyPeak(f32, int8 > 0 ? OptionalDouble.of(int8) : OptionalDouble.empty());
    }

    /// What all threads reach when each measures at the same time.
    private static double together(int threads, DoubleSupplier measure) {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Double>> each = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                each.add(pool.submit(measure::getAsDouble));
            }
            double sum = 0;
            for (var one : each) {
                sum += one.get();
            }
            return sum;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring the processor", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("measuring the processor failed", e);
        }
    }
}
