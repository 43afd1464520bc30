package ai.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrdinaryRangesTest {

    private static final Tokenizer NANO = Tokenizer.fromJson(Golden.NANO);

    private static List<String> added(String text, TextRange... ordinary) {
        int[] ids = NANO.encode(text, List.of(ordinary));
        assertThat(NANO.decode(ids)).isEqualTo(text);
        return IntStream.of(ids)
                .filter(id -> !NANO.isOrdinary(id))
                .mapToObj(NANO::token)
                .toList();
    }

    @Test
    void addedTokensCountOutsideOfRangesOnly() {
        String text = "<think>a<think>b<think>";
        assertThat(added(text)).hasSize(3);
        assertThat(added(text, new TextRange(7, 16))).hasSize(2);
        assertThat(added(text, new TextRange(0, 7), new TextRange(16, 23))).hasSize(1);
        assertThat(added(text, new TextRange(0, text.length()))).isEmpty();
        assertThat(NANO.encode(text, List.of(new TextRange(0, text.length()))))
                .containsExactly(NANO.encodeOrdinary(text));
    }

    @Test
    void oneUnitInARangeIsEnoughToMakeItText() {
        String text = "x<think></think>y";
        for (int i = 1; i < 8; i++) {
            assertThat(added(text, new TextRange(i, i + 1))).containsExactly("</think>");
        }
        for (int i = 8; i < 16; i++) {
            assertThat(added(text, new TextRange(i, i + 1))).containsExactly("<think>");
        }
        assertThat(added(text, new TextRange(0, 1), new TextRange(16, 17))).hasSize(2);
    }

    @Test
    void anEmptyRangeChangesNothing() {
        String text = "a<think>b";
        for (int i = 0; i <= text.length(); i++) {
            assertThat(NANO.encode(text, List.of(new TextRange(i, i)))).containsExactly(NANO.encode(text));
        }
    }

    @Test
    void whatIsNotRecognisedIsCutAndMergedWithWhatIsAround() {
        String text = "how deep<th is the sea";
        var ranges = List.of(new TextRange(6, 10), new TextRange(10, 13));
        assertThat(NANO.encode(text, ranges)).containsExactly(NANO.encode(text));
    }
}
