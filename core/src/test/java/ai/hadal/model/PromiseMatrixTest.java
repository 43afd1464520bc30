package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.testing.AnotherJvm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Promise 1: the logits after a prefix are a pure function of checkpoint, profile and prefix.
@Tag("slow")
class PromiseMatrixTest {

    /// One hash over backends, vector widths, kernels in C, threads, chunk sizes, batches, drafts and histories.
    @Test
    void oneHash() throws Exception {
        String checkpoint = "flash-tiny-fp4";
        var lines = new ArrayList<>(PromiseMatrix.lines(checkpoint, Numerics.F32, "reference", new int[] {1}));
        for (int bits : AnotherJvm.vectorWidths()) {
            lines.addAll(inAnotherJvm(checkpoint, Numerics.F32, "-Dhadal.simd=" + bits, "-Dhadal.native=false"));
        }
        for (String kernels : List.of("-Dhadal.native=auto", AnotherJvm.leastKernels())) {
            lines.addAll(inAnotherJvm(checkpoint, Numerics.F32, kernels));
        }
        assertThat(lines).hasSize((1 + (AnotherJvm.vectorWidths().size() + 2) * 3) * PromiseMatrix.COMBINATIONS);
        assertOneHash(lines);
    }

    /// The same for products of integer groups: scalar, in Java, and in C for each kind of processor
    /// where the machine can.
    @Test
    void oneHashOfIntegers() throws Exception {
        String checkpoint = "flash-tiny-fp4";
        var lines = new ArrayList<>(List.of(PromiseMatrix.line(checkpoint, Numerics.INT8, "reference")));
        for (String kernels : List.of("-Dhadal.native=auto", AnotherJvm.leastKernels(), "-Dhadal.native=false")) {
            lines.addAll(inAnotherJvm(checkpoint, Numerics.INT8, kernels));
        }
        assertThat(lines).hasSize(1 + 3 * 3 * PromiseMatrix.COMBINATIONS);
        assertOneHash(lines);
    }

    private static void assertOneHash(List<String> lines) {
        assertThat(lines.stream()
                        .map(l -> l.substring(0, l.indexOf(' ')))
                        .distinct()
                        .toList())
                .as(String.join("\n", lines))
                .hasSize(1);
    }

    /// The width that the JVM picks where the processor has no AVX-512.
    @Test
    void oneHashWithoutAvx512() throws Exception {
        var expected = PromiseMatrix.lines("flash-tiny", Numerics.F32, "cpu", new int[] {1});
        var lines = inAnotherJvm("flash-tiny", Numerics.F32, "-XX:UseAVX=2", "-Dhadal.native=false");
        assertThat(lines).allMatch(l -> l.startsWith(expected.getFirst().substring(0, 20)));
    }

    private static List<String> inAnotherJvm(String checkpoint, Numerics profile, String... options)
            throws IOException, InterruptedException {
        var arguments = List.of(checkpoint, profile.name(), "cpu", "1", "2", "3");
        return AnotherJvm.lines(PromiseMatrix.class, arguments, options).stream()
                .filter(l -> l.contains(", chunks of "))
                .toList();
    }
}
