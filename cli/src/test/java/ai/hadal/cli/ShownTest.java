package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How values look.
class ShownTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.00 KiB",
        "10239, 10.0 KiB",
        "1048575, 1.00 MiB",
        "2316704, 2.21 MiB",
        "170000000000, 158 GiB",
        "1000000000000000000, 888 PiB",
    })
    void sizes(long bytes, String shown) {
        assertThat(Shown.size(bytes)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "999, 999", "1000, 1.00 K", "548000, 548 K", "13100000000, 13.1 B", "1600000000000, 1.60 T"})
    void counts(long n, String shown) {
        assertThat(Shown.count(n)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"0.4, 0 s", "59.4, 59 s", "60, 1 min 0 s", "3725, 1 h 2 min", "93600, 1 d 2 h"})
    void durations(double seconds, String shown) {
        assertThat(Shown.duration(seconds)).isEqualTo(shown);
    }

    @Test
    void floatOperations() {
        assertThat(Shown.flops(1.12e11)).isEqualTo("112 GFLOP");
        assertThat(Shown.flops(0)).isEqualTo("0 FLOP");
    }

    @Test
    void piecesOfCharactersAreHexadecimalAndControlsEscaped() {
        assertThat(Shown.bytes("深 a".getBytes(StandardCharsets.UTF_8))).isEqualTo("\"深 a\"");
        assertThat(Shown.bytes(new byte[] {(byte) 0xe6, (byte) 0xb7})).isEqualTo("\"\\xE6\\xB7\"");
        assertThat(Shown.bytes("\t\"\\\u001b[0m\u202e".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("\"\\t\\\"\\\\\\u{1B}[0m\\u{202E}\"");
    }

    @Test
    void columnsAreAligned() {
        var out = new StringWriter();
        var table = new Table("part", "bytes");
        table.add("a long name", "1");
        table.add("b", "");
        table.print(new PrintWriter(out, true));
        assertThat(out.toString().lines()).containsExactly("  part         bytes", "  a long name      1", "  b");
    }

    @Test
    void aSampleIsItsMiddleAndEnds() {
        assertThat(Sample.of(new double[] {3, 1, 2})).isEqualTo(new Sample(2, 1, 3));
        assertThat(Sample.of(new double[] {4, 1, 3, 2})).isEqualTo(new Sample(2.5, 1, 4));
    }
}
