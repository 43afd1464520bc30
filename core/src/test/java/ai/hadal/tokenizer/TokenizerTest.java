package ai.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenizerTest {

    private final Tokenizer nano = Tokenizer.fromJson(Golden.NANO);

    @Test
    void addedTokensAreRecognisedByEncodeAndNotByEncodeOrdinary() {
        int user = nano.id("<｜User｜>").orElseThrow();
        assertThat(nano.encode("a<｜User｜>b")).containsSequence(user).doesNotHaveDuplicates();

        int[] ordinary = nano.encodeOrdinary("a<｜User｜>b");
        assertThat(ordinary).doesNotContain(user);
        assertThat(nano.decode(ordinary)).isEqualTo("a<｜User｜>b");
    }

    @Test
    void ordinaryTokensAreNeitherAddedNorUnused() {
        Set<Integer> added = TestVocabularies.nanoAddedIds();
        for (int id = 0; id < nano.size(); id++) {
            assertThat(nano.isOrdinary(id)).isEqualTo(!added.contains(id));
        }
        var padded = Tokenizer.of(TestVocabularies.nanoVocabulary().padded(nano.size() + 2));
        assertThat(padded.isOrdinary(nano.size() + 1)).isFalse();
        assertThat(padded.isOrdinary(nano.encode("a")[0])).isTrue();
        assertThatThrownBy(() -> nano.isOrdinary(-1)).isInstanceOf(HadalException.class);
    }

    @Test
    void noTextHasIdsOfAddedTokensWhenEncodedAsOrdinary() {
        Set<Integer> added = TestVocabularies.nanoAddedIds();
        assertThat(added).hasSize(19);
        for (int id : added) {
            for (int ordinary : nano.encodeOrdinary(nano.token(id))) {
                assertThat(added).doesNotContain(ordinary);
            }
        }
    }

    @Test
    void textBetweenAddedTokensIsEncodedAsATextOfItsOwn() {
        int think = nano.id("<think>").orElseThrow();
        assertThat(nano.encode("  <think>  x"))
                .isEqualTo(IntStream.of(nano.encode("  ")[0], think, nano.encode("  x")[0], nano.encode("  x")[1])
                        .toArray());
    }

    @Test
    void theLongestAddedTokenThatStartsFirstWins() {
        var tokenizer =
                Tokenizer.of(TestVocabularies.vocabulary(List.of(), List.of("<a", "<a>", "a><b", "<<"), List.of()));
        assertThat(spellings(tokenizer, "x<a><b>")).containsExactly("x", "<a>", "<", "b", ">");
        assertThat(spellings(tokenizer, "<<a")).containsExactly("<<", "a");
        assertThat(spellings(tokenizer, "a><b")).containsExactly("a><b");
        assertThat(spellings(tokenizer, "<")).containsExactly("<");
    }

    /// As in the Hugging Face library: tokens with normalized = false are taken out of the whole text first.
    @Test
    void userDefinedTokensAreSoughtInWhatControlTokensLeave() {
        var tokenizer = Tokenizer.of(TestVocabularies.vocabulary(List.of(), List.of("b|"), List.of("|ab", "|a")));
        assertThat(spellings(tokenizer, "|ab|")).containsExactly("|a", "b|");
        assertThat(spellings(tokenizer, "|abc")).containsExactly("|ab", "c");
    }

    @Test
    void specialTokensCanBeLeftOutOfTheText() {
        int[] ids = {0, nano.encode("hi")[0], nano.id("<think>").orElseThrow(), 1};
        assertThat(nano.isSpecial(0)).isTrue();
        assertThat(nano.isSpecial(ids[2])).isFalse();
        assertThat(nano.decode(ids)).startsWith("<｜begin▁of▁sentence｜>h").endsWith("<think><｜end▁of▁sentence｜>");
        assertThat(nano.decode(ids, true)).startsWith("h").endsWith("<think>");
    }

    @Test
    void loneSurrogatesCountAsReplacementCharacters() {
        for (String text : List.of("\uD800", "a\uDC00b", "\uDC00\uD800", "\uD83D\uD83D\uDE00", "x\uDBFF")) {
            assertThat(nano.encode(text)).isEqualTo(nano.encode(Golden.wellFormed(text)));
            assertThat(nano.decode(nano.encodeOrdinary(text))).isEqualTo(Golden.wellFormed(text));
        }
    }

    @Test
    void everyTokenIsFoundBySpellingAndStandsForItsBytes() {
        for (int id = 0; id < nano.size(); id++) {
            assertThat(nano.id(nano.token(id))).hasValue(id);
        }
        assertThat(nano.id("no such token")).isEmpty();
        assertThat(nano.bytes(nano.id("Ġthe").orElseThrow())).isEqualTo(" the".getBytes(StandardCharsets.UTF_8));
        assertThat(nano.bytes(nano.id("｜DSML｜").orElseThrow())).isEqualTo("｜DSML｜".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anIdOutsideTheVocabularyIsRefused() {
        for (int id : new int[] {-1, nano.size(), Integer.MAX_VALUE}) {
            for (Callable<?> use : List.<Callable<?>>of(
                    () -> nano.token(id),
                    () -> nano.bytes(id),
                    () -> nano.isSpecial(id),
                    () -> nano.decode(new int[] {id}),
                    () -> nano.detokenizer().next(id))) {
                assertThatThrownBy(use::call)
                        .isInstanceOf(HadalException.class)
                        .hasMessageContaining("token id " + id)
                        .hasMessageContaining("2048 tokens");
            }
        }
    }

    @Test
    void aTextBeyondAllContextIsRefused() {
        String text = "a".repeat(BpeTokenizer.MAX_UNITS + 1);
        assertThatThrownBy(() -> nano.encode(text))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("67108865 characters");
        assertThatThrownBy(() -> nano.encodeOrdinary(text)).isInstanceOf(HadalException.class);
    }

    @Test
    void manyThreadsShareOneTokenizer() throws Exception {
        var cases = Golden.cases(Golden.NANO_CASES);
        Callable<Void> encodeAll = () -> {
            for (Golden.Case golden : cases) {
                assertThat(Arrays.equals(nano.encode(golden.text()), golden.ids()))
                        .as(golden.toString())
                        .isTrue();
            }
            return null;
        };
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var done : threads.invokeAll(List.of(encodeAll, encodeAll, encodeAll, encodeAll))) {
                done.get();
            }
        }
    }

    private static List<String> spellings(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text)).mapToObj(tokenizer::token).toList();
    }
}
