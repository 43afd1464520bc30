package ai.hadal.engine;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/// The choice of one token from a row of logits, on one thread. In the engine's package, whose sampler is nobody
/// else's.
///
/// From the repository's root:
///
/// ```
/// mvn -q -Dfast -pl bench -am package
/// java -jar bench/target/hadal-bench.jar SamplerBenchmark
/// ```
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SamplerBenchmark {

    private static final int TOP_LOGPROBS = 20;

    /// Tokens of the vocabulary; V4 has 129,280.
    @Param({"32768", "129280"})
    public int vocabulary;

    /// Spread of the logits: trained models tell likely tokens from others, random ones do not.
    @Param({"3", "6"})
    public float deviation;

    private final Sampler plain = new Sampler(SamplingOptions.defaults(1));
    private final Sampler topP = new Sampler(new SamplingOptions(1, 0, 0.95, 0, 1, 0, 0, Map.of(), 1));
    private final Sampler greedy = new Sampler(SamplingOptions.greedy());
    private float[] logits = {};
    private long position;

    @Setup
    public void fill() {
        var random = new Random(1);
        logits = new float[vocabulary];
        for (int i = 0; i < vocabulary; i++) {
            logits[i] = (float) random.nextGaussian() * deviation;
        }
    }

    @Benchmark
    public int temperature() {
        return plain.next(logits, position++, null);
    }

    @Benchmark
    public int topP() {
        return topP.next(logits, position++, null);
    }

    @Benchmark
    public int greedy() {
        return greedy.next(logits, position++, null);
    }

    @Benchmark
    public TokenLogprobs logprobs() {
        return TokenLogprobs.of(logits, 0, TOP_LOGPROBS);
    }
}
