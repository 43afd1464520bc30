package ai.hadal.backend;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.backend.cpu.CpuBackend;
import ai.hadal.backend.reference.ReferenceBackend;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.WeightEncoder;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products with many rows take another way through the vector kernels than those with few, and give the same bits.
class ManyRowsTest {

    /// Whole panels and parts of them, whole groups of rows and left-over ones, lengths with and without a tail.
    @ParameterizedTest
    @CsvSource({"64, 32, 16", "65, 33, 128", "67, 70, 48", "96, 128, 384", "85, 8, 512", "66, 40, 40", "63, 64, 64"})
    void equalTheDefinition(int rows, int outputs, int inputs) {
        var random = new Random(rows * 31L + outputs);
        float[] weights = new float[outputs * inputs];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        float[] row = new float[inputs];
        try (var arena = Arena.ofShared();
                var cpu = new CpuBackend(2);
                var reference = new ReferenceBackend()) {
            var weight = WeightEncoder.encode("w", Format.F32, weights, outputs, inputs, arena);
            var x = cpu.activations(inputs).resize(rows);
            for (int r = 0; r < rows; r++) {
                for (int i = 0; i < inputs; i++) {
                    row[i] = (float) random.nextGaussian();
                }
                x.write(r, row, 0);
            }
            var expected = reference.activations(outputs);
            var actual = cpu.activations(outputs);
            reference.linear(weight, x, InputRounding.NONE, expected);
            cpu.linear(weight, x, InputRounding.NONE, actual);
            float[] wanted = new float[outputs];
            float[] found = new float[outputs];
            for (int r = 0; r < rows; r++) {
                expected.read(r, wanted, 0);
                actual.read(r, found, 0);
                assertThat(found).as("row %d", r).isEqualTo(wanted);
            }
        }
    }
}
