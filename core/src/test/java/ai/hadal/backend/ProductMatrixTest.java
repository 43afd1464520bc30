package ai.hadal.backend;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.testing.AnotherJvm;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Kernels that are chosen once in a process give the reference's products: those in C for each kind of processor, and
/// those in Java for each width of vectors.
class ProductMatrixTest {

    static final List<String> OPTIONS = List.of(
            "-Dhadal.native=auto",
            "-Dhadal.native=avx2",
            "-Dhadal.native=false",
            "-Dhadal.native=false -Dhadal.simd=256",
            "-Dhadal.native=false -Dhadal.simd=128");

    private static final Map<String, Future<List<String>>> LINES = new HashMap<>();
    private static List<String> expected = List.of();

    /// Two processes at a time: one thread does most of what each has to do.
    @BeforeAll
    static void compute() {
        try (var processes = Executors.newFixedThreadPool(2)) {
            for (String options : OPTIONS) {
                LINES.put(
                        options,
                        processes.submit(
                                () -> AnotherJvm.lines(ProductMatrix.class, List.of("cpu"), options.split(" "))));
            }
            expected = ProductMatrix.lines("reference");
        }
    }

    @ParameterizedTest
    @FieldSource("OPTIONS")
    void sameProducts(String options) throws Exception {
        assertThat(LINES.get(options).get()).containsExactlyElementsOf(expected);
    }
}
