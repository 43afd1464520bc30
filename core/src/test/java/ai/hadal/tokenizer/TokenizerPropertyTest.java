package ai.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TokenizerPropertyTest {

    private static final Tokenizer NANO = Tokenizer.fromJson(Golden.NANO);
    private static final Set<Integer> ADDED = TestVocabularies.nanoAddedIds();
    private static final List<String> MERGES = TestVocabularies.nanoMerges();

    @Property
    void textSurvivesEncodingAndDecoding(@ForAll("texts") String text) {
        assertThat(NANO.decode(NANO.encode(text))).isEqualTo(text);
        assertThat(NANO.decode(NANO.encodeOrdinary(text))).isEqualTo(text);
    }

    @Property
    void ordinaryEncodingYieldsNoAddedToken(@ForAll("texts") String text) {
        for (int id : NANO.encodeOrdinary(text)) {
            assertThat(ADDED).doesNotContain(id);
        }
    }

    /// Piece by piece with the quadratic definition.
    @Property
    void encodingIsTheDefinition(@ForAll("texts") String text) {
        var expected = new ArrayList<String>();
        char[] units = text.toCharArray();
        new PreTokenizer(
                        units,
                        (all, start, end) ->
                                expected.addAll(BytePairMergerTest.naive(new String(all, start, end - start), MERGES)))
                .cut(0, units.length);
        var spellings = new ArrayList<String>();
        for (int id : NANO.encodeOrdinary(text)) {
            spellings.add(NANO.token(id));
        }
        assertThat(spellings).isEqualTo(expected);
    }

    @Property
    void aStreamOfWellFormedTextComesInWholeCodePoints(@ForAll("texts") String text) {
        var detokenizer = NANO.detokenizer();
        var joined = new StringBuilder();
        for (int id : NANO.encode(text)) {
            String part = detokenizer.next(id);
            assertThat(part).isEqualTo(Golden.wellFormed(part));
            joined.append(part);
            assertThat(text).startsWith(joined);
        }
        assertThat(detokenizer.finish()).isEmpty();
        assertThat(joined).hasToString(text);
    }

    @Property
    void aStreamOfAnyIdsIsWhatTheyDecodeTo(@ForAll("ids") int[] ids, @ForAll boolean skipSpecial) {
        var detokenizer = NANO.detokenizer(skipSpecial);
        var joined = new StringBuilder();
        for (int id : ids) {
            joined.append(detokenizer.next(id));
        }
        joined.append(detokenizer.finish());
        assertThat(joined).hasToString(NANO.decode(ids, skipSpecial));
        assertThat(detokenizer.finish()).isEmpty();
    }

    @Provide
    Arbitrary<int[]> ids() {
        // The first few hundred ids are the bytes and the special tokens: broken characters are common.
        return Arbitraries.oneOf(
                        Arbitraries.integers().between(0, 300),
                        Arbitraries.integers().between(0, NANO.size() - 1))
                .array(int[].class)
                .ofMaxSize(30);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().ascii().ofMaxLength(10),
                        Arbitraries.of(
                                " the",
                                "ing",
                                "\n\n",
                                "  ",
                                "<think>",
                                "</think>",
                                "<｜User｜>",
                                "｜DSML｜",
                                "<｜",
                                "｜>",
                                "<｜begin▁of▁sentence｜>",
                                "中文",
                                "カナ",
                                "한국",
                                "🦀",
                                "👩‍💻",
                                "e\u0301",
                                "2026",
                                "½"),
                        Arbitraries.integers()
                                .between(0, Character.MAX_CODE_POINT)
                                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                                .map(Character::toString))
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }
}
