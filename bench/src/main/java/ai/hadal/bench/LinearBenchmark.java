package ai.hadal.bench;

import ai.hadal.backend.Activations;
import ai.hadal.backend.Backend;
import ai.hadal.backend.Backends;
import ai.hadal.backend.InputRounding;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The product of a weight matrix with rows of activations, through [Backend#linear], for every stored format: the
/// matrix lies in native memory, as a mapped checkpoint does. One row is decoding, more are prefill.
///
/// From the repository's root:
///
/// ```
/// mvn -q -Dfast -pl bench -am package
/// java -jar bench/target/hadal-bench.jar LinearBenchmark -p format=F8_E4M3,F4_E2M1 -p rows=1
/// ```
///
/// The arguments are JMH's (`-h` lists them). Of the results, `weightBytes` is the rate at which stored weights are
/// consumed, in bytes a second, to be compared with the memory bandwidth that `hadal bench` measures; `flops` counts a
/// multiplication and an addition for each element. The default matrix is larger than most caches; it fits any with
/// `-p outputs=256`.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 8, time = 1) // vector code is slow until it is all compiled
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+UseParallelGC"
        })
@NullUnmarked // JMH fills the fields in
public class LinearBenchmark {

    /// How the weight is stored.
    @Param({"F32", "F16", "BF16", "F8_E4M3", "F4_E2M1", "Q8_0", "Q2_K", "Q4_K", "Q6_K", "IQ2_XXS", "MXFP4"})
    public Format format;

    /// Rows of activations.
    @Param({"1", "16", "256"})
    public int rows;

    /// Rows of the matrix.
    @Param("16384")
    public int outputs;

    /// Columns of the matrix.
    @Param("4096")
    public int inputs;

    /// What happens to activations first.
    @Param("NONE")
    public InputRounding rounding;

    /// Compute threads, 0 for one for each processor.
    @Param("0")
    public int threads;

    private Arena arena;
    private Backend backend;
    private Weight weight;
    private Activations x;
    private Activations y;

    /// Work done, as rates.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Work {
        /// Bytes of stored weights.
        public double weightBytes;

        /// Floating-point operations.
        public double flops;
    }

    @Setup(Level.Trial)
    public void open() {
        var random = new SplittableRandom(1);
        arena = Arena.ofShared();
        backend = Backends.open("cpu", threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
        weight = RandomWeights.of(format, outputs, inputs, random, arena);
        x = backend.activations(inputs).resize(rows);
        y = backend.activations(outputs);
        for (int r = 0; r < rows; r++) {
            float[] row = new float[inputs];
            for (int i = 0; i < inputs; i++) {
                row[i] = (float) random.nextDouble(-1, 1);
            }
            x.write(r, row, 0);
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        backend.close();
        arena.close();
    }

    @Benchmark
    public Activations linear(Work work) {
        backend.linear(weight, x, rounding, y);
        work.weightBytes += weight.bytes();
        work.flops += 2.0 * rows * outputs * inputs;
        return y;
    }
}
