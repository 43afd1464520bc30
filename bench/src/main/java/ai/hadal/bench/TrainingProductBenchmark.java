package ai.hadal.bench;

import ai.hadal.backend.Activations;
import ai.hadal.backend.InputRounding;
import ai.hadal.backend.cpu.CpuBackend;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import ai.hadal.tensor.WeightEncoder;
import ai.hadal.train.gradient.Gemm;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The three products of a matrix in training, on one thread and in the shapes of the built-in model: forward by the
/// engine, the gradient of the input and that of the weights. Next to them what fused multiply-adds reach from
/// registers: `ai.hadal.train.gradient.PeakFlops`, printed at each start of `hadal train`.
///
/// ```
/// mvn -q -Dfast -pl bench -am package
/// java -jar bench/target/hadal-bench.jar TrainingProductBenchmark
/// ```
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1) // vector code is slow until it is all compiled
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+UseParallelGC"
        })
public class TrainingProductBenchmark {

    private static final int TOKENS = 1024;

    /// Outputs and inputs of the matrix.
    @Param({"128x128", "384x128", "128x384", "192x128"})
    public String shape = "128x128";

    private int outputs;
    private int inputs;
    private float[] x = {};
    private float[] dY = {};
    private float[] weights = {};
    private float[] dX = {};
    private float[] dW = {};
    private final CpuBackend backend = new CpuBackend(1);
    private Activations in = backend.activations(1);
    private Activations out = backend.activations(1);
    private Weight weight = WeightEncoder.encode("none", Format.F32, new float[1], 1, 1, Arena.ofAuto());

    /// Counts multiply-adds as two operations.
    @AuxCounters
    @State(Scope.Thread)
    public static class Operations {
        /// In a second, in 10^9.
        public double gigaflops;
    }

    @Setup
    public void setUp() {
        String[] sizes = shape.split("x", -1);
        outputs = Integer.parseInt(sizes[0]);
        inputs = Integer.parseInt(sizes[1]);
        var random = new Random(1);
        x = floats(random, TOKENS * inputs);
        dY = floats(random, TOKENS * outputs);
        weights = floats(random, outputs * inputs);
        dX = new float[x.length];
        dW = new float[weights.length];
        in = backend.activations(inputs).resize(TOKENS);
        for (int row = 0; row < TOKENS; row++) {
            in.write(row, x, row * inputs);
        }
        out = backend.activations(outputs);
        weight = WeightEncoder.encode("w", Format.F32, weights, outputs, inputs, Arena.ofAuto());
    }

    private static float[] floats(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    private void count(Operations operations) {
        operations.gigaflops += 2e-9 * TOKENS * outputs * inputs;
    }

    @Benchmark
    public Activations forward(Operations operations) {
        backend.linear(weight, in, InputRounding.NONE, out);
        count(operations);
        return out;
    }

    @Benchmark
    public float[] inputGradient(Operations operations) {
        Gemm.add(TOKENS, inputs, outputs, dY, 0, outputs, weights, 0, inputs, dX, 0, inputs);
        count(operations);
        return dX;
    }

    @Benchmark
    public float[] weightGradient(Operations operations) {
        Gemm.addTransposed(outputs, inputs, TOKENS, dY, 0, outputs, x, 0, inputs, dW, 0, inputs);
        count(operations);
        return dW;
    }

    @TearDown
    public void close() {
        backend.close();
    }
}
