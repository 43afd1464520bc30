package ai.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PreTokenizerTest {

    @Test
    void numbersFallIntoGroupsOfThree() {
        assertThat(pieces("1234567")).containsExactly("123", "456", "7");
        assertThat(pieces("x²½Ⅷ٣９")).containsExactly("x", "²½Ⅷ", "٣９");
    }

    @Test
    void aSpaceOrControlCharacterLeadsAWord() {
        assertThat(pieces("a quick\tfox")).containsExactly("a", " quick", "\tfox");
        assertThat(pieces("\u0001\u0001a")).containsExactly("\u0001", "\u0001a");
        assertThat(pieces("e\u0301\u0301 \u0301")).containsExactly("e\u0301\u0301", " \u0301");
    }

    @Test
    void anAsciiSymbolLeadsAsciiLettersOnly() {
        assertThat(pieces("don't (well) #été")).containsExactly("don", "'t", " (", "well", ")", " #", "été");
        assertThat(pieces("_naïve ...abc")).containsExactly("_na", "ïve", " ...", "abc");
    }

    @Test
    void symbolsTakeTheNewlinesThatFollow() {
        assertThat(pieces("end.\r\n\n  next")).containsExactly("end", ".\r\n\n", " ", " next");
    }

    @Test
    void whitespaceRunsEndAtTheLastNewlineOrLeaveTheLastSpace() {
        assertThat(pieces("a \n \n   b")).containsExactly("a", " \n \n", "  ", " b");
        assertThat(pieces("a   ")).containsExactly("a", "   ");
        assertThat(pieces("a\u3000。")).containsExactly("a", "\u3000", "。");
    }

    @Test
    void aRunOfSpacesBeforeANumberOrCjkIsWholeBecauseTheSegmentEndsThere() {
        assertThat(pieces("   7   中   x")).containsExactly("   ", "7", "   ", "中", "  ", " x");
    }

    @Test
    void cjkRunsStandAloneAndAreCutAtTheirPunctuation() {
        assertThat(pieces("abc中文カ・ナdef")).containsExactly("abc", "中文カ", "・", "ナ", "def");
        assertThat(pieces("龥龦")).containsExactly("龥", "龦");
    }

    @Property(tries = 2000)
    void cutsAsTheRegularExpressionsDo(@ForAll("texts") String text) {
        assertThat(pieces(text)).isEqualTo(piecesByRegex(text));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                        Arbitraries.of(
                                "a",
                                "Z",
                                "é",
                                "ß",
                                "\u0301",
                                "\u093E",
                                " ",
                                "\t",
                                "\n",
                                "\r",
                                "\u00A0",
                                "\u3000",
                                "\u0085",
                                "\u2028",
                                "1",
                                "٣",
                                "½",
                                "𝟘",
                                "中",
                                "龥",
                                "龦",
                                "ひ",
                                "カ",
                                "ー",
                                "・",
                                "゠",
                                "\u3040",
                                "\u3099",
                                "\u309B",
                                "!",
                                "'",
                                "_",
                                "$",
                                "`",
                                "€",
                                "。",
                                "😀",
                                "\u0001",
                                "\u200D",
                                "\uE000",
                                "𐐀",
                                "𝆭",
                                "\uDBFF\uDFFF",
                                "한",
                                "\u0378"),
                        Arbitraries.strings().ascii().ofMaxLength(4),
                        Arbitraries.integers()
                                .between(0, Character.MAX_CODE_POINT)
                                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                                .map(Character::toString))
                .list()
                .ofMaxSize(20)
                .map(parts -> String.join("", parts));
    }

    private static List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        char[] units = text.toCharArray();
        new PreTokenizer(units, (all, start, end) -> pieces.add(new String(all, start, end - start)))
                .cut(0, units.length);
        assertThat(String.join("", pieces)).isEqualTo(text);
        return pieces;
    }

    /// The definition, by the JDK's regular expressions: each pattern cuts what the one before left.
    private static List<String> piecesByRegex(String text) {
        List<String> pieces = text.isEmpty() ? List.of() : List.of(text);
        for (String pattern : PreTokenizer.PATTERNS) {
            var finer = new ArrayList<String>();
            var compiled = Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS);
            for (String piece : pieces) {
                int done = 0;
                var matcher = compiled.matcher(piece);
                while (matcher.find()) {
                    if (done < matcher.start()) {
                        finer.add(piece.substring(done, matcher.start()));
                    }
                    finer.add(matcher.group());
                    done = matcher.end();
                }
                if (done < piece.length()) {
                    finer.add(piece.substring(done));
                }
            }
            pieces = finer;
        }
        return pieces;
    }
}
