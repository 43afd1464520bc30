package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Promise 1: the logits after a prefix are a pure function of checkpoint, profile and prefix.
@Tag("slow")
class PromiseMatrixTest {

    /// One hash over backends, vector widths, threads, chunk sizes, batches, drafts and histories.
    @Test
    void oneHash() throws Exception {
        String checkpoint = "flash-tiny-fp4";
        var lines = new ArrayList<>(PromiseMatrix.lines(checkpoint, Numerics.F32, "reference", new int[] {1}));
        for (int bits : new int[] {128, 256, 512}) {
            lines.addAll(inAnotherJvm("-Dhadal.simd=" + bits, checkpoint, Numerics.F32));
        }
        assertThat(lines).hasSize((1 + 3 * 3) * 6 * 5);
        assertOneHash(lines);
    }

    /// The same for products of integer groups: scalar, in Java, and in C where the machine can.
    @Test
    void oneHashOfIntegers() throws Exception {
        String checkpoint = "flash-tiny-fp4";
        var lines = new ArrayList<>(List.of(PromiseMatrix.line(checkpoint, Numerics.INT8, "reference")));
        lines.addAll(inAnotherJvm("-Dhadal.native=true", checkpoint, Numerics.INT8));
        lines.addAll(inAnotherJvm("-Dhadal.native=false", checkpoint, Numerics.INT8));
        assertThat(lines).hasSize(1 + 2 * 3 * 6 * 5);
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
        var lines = inAnotherJvm("-XX:UseAVX=2", "flash-tiny", Numerics.F32);
        assertThat(lines).allMatch(l -> l.startsWith(expected.getFirst().substring(0, 20)));
    }

    private static List<String> inAnotherJvm(String option, String checkpoint, Numerics profile)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-Xmx1g",
                option,
                "-cp",
                System.getProperty("java.class.path"),
                PromiseMatrix.class.getName(),
                checkpoint,
                profile.name(),
                "cpu",
                "1",
                "2",
                "3"));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().filter(l -> l.contains(", chunks of ")).toList();
    }
}
