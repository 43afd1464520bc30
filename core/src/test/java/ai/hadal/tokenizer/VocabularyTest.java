package ai.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularyTest {

    private final Vocabulary nano = TestVocabularies.nanoVocabulary();

    @Test
    void givesTheIdsThatTheSameVocabularyGivesAsTokenizerJson() {
        var fromGguf = Tokenizer.of(nano);
        var fromJson = Tokenizer.fromJson(Golden.NANO);
        assertThat(fromGguf.size()).isEqualTo(fromJson.size()).isEqualTo(2048);
        for (Golden.Case golden : Golden.cases(Golden.NANO_CASES)) {
            assertThat(fromGguf.encode(golden.text())).as(golden.toString()).isEqualTo(golden.ids());
            assertThat(fromGguf.encodeOrdinary(golden.text()))
                    .as(golden.toString())
                    .isEqualTo(fromJson.encodeOrdinary(golden.text()));
        }
        for (int id = 0; id < fromGguf.size(); id++) {
            assertThat(fromGguf.bytes(id)).isEqualTo(fromJson.bytes(id));
            assertThat(fromGguf.isSpecial(id)).isEqualTo(fromJson.isSpecial(id));
        }
    }

    @Test
    void padsWithTheEndTokenWhereThereIsNoPaddingToken() {
        assertThat(Tokenizer.of(with(nano.tokens(), nano.tokenTypes(), nano.merges(), "joyai-llm", 0, 1, -1))
                        .padId())
                .isEqualTo(1);
    }

    @Test
    void unknownTypesCountAsControlAndUnusedOnesMaySpellAnything() {
        var tokens = new ArrayList<>(nano.tokens());
        Collections.addAll(tokens, "<unk>", "[gap ｜1]");
        int[] types = Arrays.copyOf(nano.tokenTypes(), tokens.size());
        types[2048] = 2;
        types[2049] = 5;
        var tokenizer = Tokenizer.of(with(tokens, types, nano.merges(), "joyai-llm", 0, 1, 2));
        assertThat(tokenizer.isSpecial(2048)).isTrue();
        assertThat(tokenizer.encode("<unk>")).containsExactly(2048);
        assertThat(tokenizer.encode("[gap ｜1]")).hasSizeGreaterThan(1).doesNotContain(2049);
        assertThat(tokenizer.decode(new int[] {2049})).isEqualTo("[gap ｜1]");
    }

    @Test
    void isAValueOfItsOwn() {
        int[] types = nano.tokenTypes();
        var copy = with(nano.tokens(), types, nano.merges(), "joyai-llm", 0, 1, 2);
        types[0] = 99;
        copy.tokenTypes()[1] = 99;
        assertThat(copy.tokenTypes()).isEqualTo(nano.tokenTypes());
    }

    @Test
    void whatContradictsItselfIsRefusedWithFileAndKey() {
        refused(
                with(nano.tokens(), nano.tokenTypes(), nano.merges(), "llama-bpe", 0, 1, 2),
                "tokenizer.ggml.pre",
                "llama-bpe");
        refused(
                with(nano.tokens(), new int[3], nano.merges(), "joyai-llm", 0, 1, 2),
                "tokenizer.ggml.token_type",
                "3 types");
        refused(withType(7, 0), "tokenizer.ggml.token_type[7]", "0 is not");
        refused(withType(7, 8), "tokenizer.ggml.token_type[7]", "8 is not");
        refused(with(nano.tokens(), nano.tokenTypes(), nano.merges(), "joyai-llm", 2048, 1, 2), "bos_token_id", "2048");
        refused(with(nano.tokens(), nano.tokenTypes(), nano.merges(), "joyai-llm", 0, -1, 2), "eos_token_id", "-1");
        refused(with(nano.tokens(), nano.tokenTypes(), nano.merges(), "joyai-llm", 0, 1, -2), "padding_token_id", "-2");
        refused(with(List.of(), new int[0], List.of(), "joyai-llm", 0, 1, 2), "bos_token_id", "vocabulary of 0");
    }

    @Test
    void mergesAndTokensMustFitEachOther() {
        for (String merge : List.of("", " ", "ab", "a ", " b", "a b c")) {
            refused(withMerges(List.of(merge)), "tokenizer.ggml.merges[0]", "two tokens with a space");
        }
        refused(withMerges(List.of("Ġ t", "Ġ nope")), "tokenizer.ggml.merges[1]", "does not exist");
        refused(withMerges(List.of("Ġ t", "i n", "Ġ t")), "tokenizer.ggml.merges[2]", "same as entry 0");
        refused(withToken(40, ""), "tokenizer.ggml.tokens", "is empty");
        refused(withToken(40, nano.tokens().get(41)), "tokenizer.ggml.tokens", "also the token of id");
        refused(withToken(2000, "世"), "tokenizer.ggml.tokens", "byte alphabet");
        refused(withToken(18, "zzzz"), "tokenizer.ggml.tokens", "byte 48 has no token");
        refused(withToken(2040, "<\uD800>"), "tokenizer.ggml.tokens", "lone surrogate");
    }

    /// Else a text could spell a control token letter by letter.
    @Test
    void noMergeMayYieldAnAddedToken() {
        int the = nano.tokens().indexOf("Ġthe");
        refused(withType(the, 3), "tokenizer.ggml.merges[", "yields an added token");
        refused(withType(the, 4), "tokenizer.ggml.merges[", "yields an added token");
    }

    private static void refused(Vocabulary vocabulary, String field, String cause) {
        assertThatThrownBy(() -> Tokenizer.of(vocabulary))
                .isInstanceOf(HadalException.class)
                .hasMessageStartingWith("nano.gguf, field ")
                .hasMessageContaining(field)
                .hasMessageContaining(cause)
                .hasMessageEndingWith(".")
                .message()
                .hasLineCount(1);
    }

    private Vocabulary withMerges(List<String> merges) {
        return with(nano.tokens(), nano.tokenTypes(), merges, "joyai-llm", 0, 1, 2);
    }

    private Vocabulary withToken(int id, String token) {
        var tokens = new ArrayList<>(nano.tokens());
        tokens.set(id, token);
        return with(tokens, nano.tokenTypes(), nano.merges(), "joyai-llm", 0, 1, 2);
    }

    private Vocabulary withType(int id, int type) {
        int[] types = nano.tokenTypes();
        types[id] = type;
        return with(nano.tokens(), types, nano.merges(), "joyai-llm", 0, 1, 2);
    }

    private static Vocabulary with(
            List<String> tokens, int[] types, List<String> merges, String pre, int bos, int eos, int pad) {
        return new Vocabulary("nano.gguf", tokens, types, merges, pre, bos, eos, pad);
    }
}
