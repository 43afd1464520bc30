package ai.hadal.backend;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.testing.AnotherJvm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Kernels that are chosen once in a process give the reference's products: those in C for each kind of processor, and
/// those in Java for each width of vectors.
class ProductMatrixTest {

    private static final List<String> EXPECTED = ProductMatrix.lines("reference");

    private static List<String> kernels() {
        var kernels =
                new ArrayList<>(List.of("-Dhadal.native=auto", AnotherJvm.leastKernels(), "-Dhadal.native=false"));
        for (int bits : AnotherJvm.vectorWidths()) {
            // Processors with 512 bits use them unasked.
            if (bits < 512) {
                kernels.add("-Dhadal.native=false -Dhadal.simd=" + bits);
            }
        }
        return kernels;
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void sameProducts(String options) throws IOException, InterruptedException {
        assertThat(AnotherJvm.lines(ProductMatrix.class, List.of("cpu"), options.split(" ")))
                .containsExactlyElementsOf(EXPECTED);
    }
}
