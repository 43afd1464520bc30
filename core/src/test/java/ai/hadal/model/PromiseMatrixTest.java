package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.testing.AnotherJvm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Promise 1: the logits after a prefix are a pure function of checkpoint, profile and prefix.
///
/// Threads, chunk sizes and histories are all combined where users compute, in the fastest kernels of the machine.
/// Other kernels share them out: each has every number of threads with every chunk size and every history, and every
/// chunk size meets every history somewhere.
@Tag("slow")
class PromiseMatrixTest {

    private static final String CHECKPOINT = "flash-tiny-fp4";

    /// One hash over backends, vector widths, kernels in C, threads, chunk sizes, batches, drafts and histories.
    @Test
    void oneHash() throws Exception {
        List<List<String>> kernels = new ArrayList<>();
        for (int bits : AnotherJvm.vectorWidths()) {
            kernels.add(List.of("-Dhadal.simd=" + bits, "-Dhadal.native=false"));
        }
        kernels.add(List.of(AnotherJvm.leastKernels()));
        var chosen = Combination.pairwise(1 + kernels.size(), true);
        // Scalar code leaves a core to the others, and takes as long as all of them.
        try (var executor = Executors.newSingleThreadExecutor()) {
            var scalar = executor.submit(
                    () -> PromiseMatrix.lines(CHECKPOINT, Numerics.F32, "reference", chosen.getFirst()));
            var lines = inAnotherJvm(CHECKPOINT, Numerics.F32, Combination.all(), "-Dhadal.native=auto");
            for (int k = 0; k < kernels.size(); k++) {
                String[] options = kernels.get(k).toArray(new String[0]);
                lines.addAll(inAnotherJvm(CHECKPOINT, Numerics.F32, chosen.get(1 + k), options));
            }
            lines.addAll(scalar.get());
            assertOneHash(lines, Combination.all().size() + sizes(chosen));
        }
    }

    /// The same for products of integer groups: scalar, in Java, and in C for each kind of processor
    /// where the machine can.
    @Test
    void oneHashOfIntegers() throws Exception {
        var kernels = List.of(AnotherJvm.leastKernels(), "-Dhadal.native=false");
        var chosen = Combination.pairwise(kernels.size(), false);
        var lines = inAnotherJvm(CHECKPOINT, Numerics.INT8, Combination.all(), "-Dhadal.native=auto");
        for (int k = 0; k < kernels.size(); k++) {
            lines.addAll(inAnotherJvm(CHECKPOINT, Numerics.INT8, chosen.get(k), kernels.get(k)));
        }
        lines.addAll(PromiseMatrix.lines(CHECKPOINT, Numerics.INT8, "reference", List.of(Combination.WHOLE)));
        assertOneHash(lines, Combination.all().size() + sizes(chosen) + 1);
    }

    /// The width that the JVM picks where the processor has no AVX-512.
    @Test
    void oneHashWithoutAvx512() throws Exception {
        var chosen = Combination.pairwise(1, false).getFirst();
        var lines = inAnotherJvm("flash-tiny", Numerics.F32, chosen, "-XX:UseAVX=2", "-Dhadal.native=false");
        lines.addAll(PromiseMatrix.lines("flash-tiny", Numerics.F32, "cpu", List.of(Combination.WHOLE)));
        assertOneHash(lines, chosen.size() + 1);
    }

    @Test
    void whatKernelsShareOutIsAllThere() {
        var chosen = Combination.pairwise(5, true);
        assertThat(chosen.getFirst()).allMatch(c -> c.threads() == 1);
        for (var list : chosen) {
            int threads = list.equals(chosen.getFirst()) ? 1 : 3;
            assertThat(list).doesNotHaveDuplicates();
            assertThat(list.stream().map(c -> c.threads() + " " + c.chunk()).distinct())
                    .hasSize(6 * threads);
            assertThat(list.stream().map(c -> c.threads() + " " + c.history()).distinct())
                    .hasSize(7 * threads);
        }
        assertThat(chosen.stream()
                        .flatMap(List::stream)
                        .map(c -> c.chunk() + " " + c.history())
                        .distinct())
                .hasSize(5 * 6 + 2 * 3);
        assertThat(Combination.all()).doesNotHaveDuplicates().hasSize(3 * (5 * 6 + 2 * 3));
    }

    private static int sizes(List<List<Combination>> lists) {
        return lists.stream().mapToInt(List::size).sum();
    }

    private static void assertOneHash(List<String> lines, int count) {
        assertThat(lines).hasSize(count);
        assertThat(lines.stream()
                        .map(l -> l.substring(0, l.indexOf(' ')))
                        .distinct()
                        .toList())
                .as(String.join("\n", lines))
                .hasSize(1);
    }

    private static List<String> inAnotherJvm(
            String checkpoint, Numerics profile, List<Combination> combinations, String... options)
            throws IOException, InterruptedException {
        var arguments = Stream.concat(
                        Stream.of(checkpoint, profile.name(), "cpu"),
                        combinations.stream().map(Combination::toString))
                .toList();
        return new ArrayList<>(AnotherJvm.lines(PromiseMatrix.class, arguments, options).stream()
                .filter(l -> l.contains(", chunks of "))
                .toList());
    }
}
