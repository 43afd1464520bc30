package ai.hadal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Drafts of what stood in the text before.
class PromptLookupTest {

    private final PromptLookup lookup = new PromptLookup();

    private int[] draft(Tokens text, int length) {
        return lookup.offer(text) == null ? new int[0] : lookup.draft(text, length);
    }

    @Test
    void whatFollowedTheLastTokensIsDrafted() {
        var text = new Tokens(1, 2, 3, 4, 5, 6, 9, 9, 2, 3, 4);
        assertThat(draft(text, 4)).containsExactly(5, 6, 9, 9);
    }

    @Test
    void twoTokensAreNoMatch() {
        assertThat(lookup.offer(new Tokens(1, 2, 3, 4, 9, 3, 4))).isNull();
        assertThat(lookup.offer(new Tokens(1))).isNull();
        assertThat(lookup.offer(new Tokens(1, 1, 1))).isNull();
    }

    @Test
    void theLongestMatchWinsAndOfEqualOnesTheLatest() {
        assertThat(draft(new Tokens(8, 1, 2, 3, 50, 7, 1, 2, 3, 60, 8, 1, 2, 3), 1))
                .containsExactly(50);
        assertThat(draft(new Tokens(7, 1, 2, 3, 50, 7, 1, 2, 3, 60, 9, 1, 2, 3), 1))
                .containsExactly(60);
    }

    @Test
    void aLoopIsContinuedBeyondTheText() {
        var text = new Tokens(5, 1, 2, 1, 2, 1, 2);
        assertThat(draft(text, 5)).containsExactly(1, 2, 1, 2, 1);
    }

    @Test
    void lengthDecidesTheKind() {
        var random = new Random(1);
        int[] part = random.ints(40, 0, 1000).toArray();
        for (int n : new int[] {3, 5, 6, 15, 16, 30}) {
            var text = new Tokens(part);
            text.append(2000);
            text.append(Arrays.copyOfRange(part, 5, 5 + n));
            assertThat(new PromptLookup().offer(text))
                    .isEqualTo(new Drafter.Offer(
                            n < 6 ? DraftKind.SHORT_MATCH : n < 16 ? DraftKind.MATCH : DraftKind.LONG_MATCH,
                            Integer.MAX_VALUE));
        }
    }

    /// A text of few tokens that grows, is cut back and grows otherwise: always as a search through all of it finds.
    @Test
    void cutsLeaveNoTrace() {
        var random = new Random(2);
        var text = new Tokens();
        for (int i = 0; i < 3000; i++) {
            if (random.nextInt(20) == 0) {
                int length = random.nextInt(text.length() + 1);
                text.truncate(length);
                lookup.truncated(length);
            }
            text.append(random.nextInt(14));
            int longest = longestMatch(text.toArray());
            var offer = lookup.offer(text);
            if (longest < 3) {
                assertThat(offer).isNull();
            } else {
                assertThat(offer).isNotNull();
                assertThat(text.toArray())
                        .containsSequence(expected(text.toArray(), longest, lookup.draft(text, 1)[0]));
            }
        }
    }

    private static int longestMatch(int[] text) {
        int end = text.length - 1;
        int longest = 0;
        for (int place = 0; place < end; place++) {
            int n = 0;
            while (n < 32 && n <= place && text[place - n] == text[end - n]) {
                n++;
            }
            longest = Math.max(longest, n);
        }
        return longest;
    }

    /// The last `longest` tokens with the draft behind them.
    private static int[] expected(int[] text, int longest, int draft) {
        int[] sequence = Arrays.copyOfRange(text, text.length - longest, text.length + 1);
        sequence[longest] = draft;
        return sequence;
    }
}
