package ai.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class CharClassTest {

    /// The checksum is that of the classes taken from the Hugging Face library, asked code point by code point (its
    /// `\p{L}`, `\p{M}`, `\p{N}`, `\p{P}`, `\p{S}` and `\s`). A JDK with newer Unicode tables will differ from
    /// it in the characters that Unicode 16 had not yet assigned.
    @Test
    void everyCodePointHasTheClassTheReferenceGivesIt() {
        var crc = new CRC32();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                crc.update(CharClass.of(codePoint));
            }
        }
        assertThat(crc.getValue()).isEqualTo(0xCDA6BE66L);
    }

    @Test
    void whitespaceIsTheUnicodeProperty() {
        assertThat("\t\u000B\f \u0085\u00A0\u1680\u2000\u200A\u2028\u2029\u202F\u205F\u3000".chars())
                .allMatch(c -> CharClass.of(c) == CharClass.SPACE);
        assertThat("\u001C\u001F\u180E\u200B\u2060\uFEFF".chars()).allMatch(c -> CharClass.of(c) == CharClass.OTHER);
    }
}
