package ai.hadal.backend.natives;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.testing.AnotherJvm;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The system property `hadal.native`.
class NativesTest {

    /// Prints which kernels serve.
    static final class Description {

        public static void main(String[] args) {
            System.out.println(Natives.description());
        }
    }

    @Test
    void noneWhereSwitchedOff() throws Exception {
        assertThat(description("-Dhadal.native=false"))
                .isEqualTo("Java (no C kernels: switched off by -Dhadal.native=false)");
    }

    /// Where the library is, the least of the kernels are those of the processor's kind, and no others can be asked
    /// for.
    @Test
    void thoseOfTheProcessorsKind() throws Exception {
        String least = AnotherJvm.leastKernels();
        String other = least.endsWith("neon") ? "avx2" : "neon";
        boolean inC = description("-Dhadal.native=auto").startsWith("C, ");
        assertThat(description(least)).startsWith(inC ? "C, " : "Java (no C kernels: ");
        assertThat(description("-Dhadal.native=" + other)).startsWith("Java (no C kernels: ");
        if (inC) {
            assertThat(description(least)).isEqualToIgnoringCase("C, " + least.replaceFirst(".*=", ""));
            assertThat(description("-Dhadal.native=" + other))
                    .contains("hadal.native is " + other + "; it must be auto, " + least.replaceFirst(".*=", ""));
        }
    }

    private static String description(String option) throws IOException, InterruptedException {
        return AnotherJvm.lines(Description.class, List.of(), option).getFirst();
    }
}
