package ai.hadal.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;

/// Runs a class of the tests in a JVM with other options, for what is chosen once in a process.
public final class AnotherJvm {

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    private AnotherJvm() {}

    /// The option that has the least of the machine's kernels in C serve, where there are several kinds.
    public static String leastKernels() {
        return "-Dhadal.native=" + (ARM ? "neon" : "avx2");
    }

    /// Widths of vectors to compute with, in bits. What a processor lacks the JVM computes an element at a time, so on
    /// ARM, where most have 128 bits, wider vectors are left out unless the processor has them.
    public static List<Integer> vectorWidths() {
        int widest = ARM ? FloatVector.SPECIES_PREFERRED.vectorBitSize() : 512;
        return Stream.of(128, 256, 512).filter(bits -> bits <= widest).toList();
    }

    /// What a main class prints.
    ///
    /// @param options options that come after those of the engine
    public static List<String> lines(Class<?> main, List<String> arguments, String... options)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-Xmx1g"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
