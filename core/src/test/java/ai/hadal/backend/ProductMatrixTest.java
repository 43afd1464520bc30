package ai.hadal.backend;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.testing.AnotherJvm;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Kernels that are chosen once in a process give the reference's products: those in C for each kind of processor, and
/// those in Java for each width of vectors.
class ProductMatrixTest {

    private static final List<String> EXPECTED = ProductMatrix.lines("reference");

    private static List<String> kernels() {
        return List.of(
                "-Dhadal.native=auto",
                AnotherJvm.leastKernels(),
                "-Dhadal.native=false",
                "-Dhadal.native=false -Dhadal.simd=256",
                "-Dhadal.native=false -Dhadal.simd=128");
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void sameProducts(String options) throws IOException, InterruptedException {
        assertThat(AnotherJvm.lines(ProductMatrix.class, List.of("cpu"), options.split(" ")))
                .containsExactlyElementsOf(EXPECTED);
    }
}
