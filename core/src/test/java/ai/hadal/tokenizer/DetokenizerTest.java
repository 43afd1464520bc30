package ai.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DetokenizerTest {

    private final Tokenizer nano = Tokenizer.fromJson(Golden.NANO);

    @Test
    void aCharacterIsHeldBackUntilItsLastByte() {
        int[] crab = nano.encode("🦀");
        assertThat(crab).hasSize(4);
        var detokenizer = nano.detokenizer();
        assertThat(detokenizer.next(crab[0])).isEmpty();
        assertThat(detokenizer.next(crab[1])).isEmpty();
        assertThat(detokenizer.next(crab[2])).isEmpty();
        assertThat(detokenizer.next(crab[3])).isEqualTo("🦀");
        assertThat(detokenizer.finish()).isEmpty();
    }

    @Test
    void finishFlushesAnIncompleteCharacterAndStartsAnew() {
        int[] crab = nano.encode("🦀");
        var detokenizer = nano.detokenizer();
        assertThat(detokenizer.next(crab[0])).isEmpty();
        assertThat(detokenizer.finish()).isEqualTo("\uFFFD");
        assertThat(detokenizer.next(nano.encode("a")[0])).isEqualTo("a");
    }

    @Test
    void aCharacterThatCannotBecomeCompleteIsGivenUpAtOnce() {
        var detokenizer = nano.detokenizer();
        assertThat(detokenizer.next(nano.encode("🦀")[0])).isEmpty();
        assertThat(detokenizer.next(nano.encode("a")[0])).isEqualTo("\uFFFDa");
    }

    @Test
    void specialTokensAreTextOrLeftOut() {
        int eos = nano.eosId();
        assertThat(nano.detokenizer().next(eos)).isEqualTo("<｜end▁of▁sentence｜>");
        assertThat(nano.detokenizer(true).next(eos)).isEmpty();
    }

    @Test
    void bytesOnBothSidesOfASkippedTokenBelongTogether() {
        int[] crab = nano.encode("🦀");
        var detokenizer = nano.detokenizer(true);
        assertThat(detokenizer.next(crab[0]) + detokenizer.next(crab[1]) + detokenizer.next(nano.eosId()))
                .isEmpty();
        assertThat(detokenizer.next(crab[2]) + detokenizer.next(crab[3])).isEqualTo("🦀");
    }
}
