package ai.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8DecoderTest {

    /// Tables 3-8 to 3-11 of the Unicode standard; a dot is U+FFFD.
    @ParameterizedTest
    @CsvSource({
        "C0 AF E0 80 BF F0 81 82 41, ........A",
        "ED A0 80 ED BF BF ED AF 41, ........A",
        "F4 91 92 93 FF 41 80 BF 42, .....A..B",
        "E1 80 E2 F0 91 92 F1 BF 41, ....A"
    })
    void eachMaximalSubpartBecomesOneReplacement(String hex, String text) {
        assertThat(decode(bytes(hex))).isEqualTo(text.replace('.', '\uFFFD'));
    }

    @ParameterizedTest
    @CsvSource({"F0 9F 98", "E4 BD", "C3"})
    void anIncompleteCharacterAtTheEndBecomesOneReplacement(String hex) {
        assertThat(decode(bytes(hex))).isEqualTo("\uFFFD");
    }

    @Test
    void everyCodePointSurvives() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                String text = Character.toString(codePoint);
                if (!decode(text.getBytes(StandardCharsets.UTF_8)).equals(text)) {
                    fail("U+%04X is decoded wrongly", codePoint);
                }
            }
        }
    }

    @Property
    void aCutAnywhereChangesNothing(@ForAll byte[] bytes) {
        var decoder = new Utf8Decoder();
        var text = new StringBuilder();
        for (byte b : bytes) {
            decoder.decode(new byte[] {b}, text);
        }
        decoder.finish(text);
        assertThat(text.toString()).isEqualTo(decode(bytes));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }

    private static String decode(byte[] bytes) {
        var decoder = new Utf8Decoder();
        var text = new StringBuilder();
        decoder.decode(bytes, text);
        decoder.finish(text);
        return text.toString();
    }
}
