package ai.hadal.chat;

import static ai.hadal.chat.ConstrainedReply.THINK_END;
import static ai.hadal.chat.ConstrainedReply.TOKENIZER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.grammar.TokenConstraint;
import ai.hadal.grammar.TokenSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasoningLimitTest {

    private static final int OFF = -1;

    @Test
    void reasoningEndsAfterItsLastToken() {
        var limit = new ReasoningLimit(TOKENIZER, 3, false);
        for (int i = 0; i < 3; i++) {
            assertThat(limit.allowed()).isNull();
            limit.accept(100 + i);
        }
        assertThat(limit.allowed()).isEqualTo(TokenSet.of(THINK_END));
        assertThatThrownBy(() -> limit.accept(100)).isInstanceOf(IllegalArgumentException.class);
        limit.accept(THINK_END);
        assertThat(limit.allowed()).isNull();
        limit.accept(100);
        assertThat(limit.allowed()).isNull();
    }

    @Test
    void noReasoningAtAllIsALimitToo() {
        assertThat(new ReasoningLimit(TOKENIZER, 0, false).allowed()).isEqualTo(TokenSet.of(THINK_END));
    }

    @Test
    void reasoningThatEndsByItselfIsLeftAlone() {
        var limit = new ReasoningLimit(TOKENIZER, 2, true);
        limit.accept(100);
        limit.accept(THINK_END);
        for (int i = 0; i < 1000; i++) {
            assertThat(limit.allowed()).isNull();
            limit.accept(100);
        }
    }

    /// How many tokens of a repeated text it takes.
    @ParameterizedTest
    @CsvSource({"1, 64", "5, 64", "16, 64", "17, 68", "100, 400", "200, 800", "201, -1"})
    void repetitionsAreFound(int turn, int expected) {
        var limit = new ReasoningLimit(TOKENIZER, OFF, true);
        var random = new Random(turn);
        for (int i = 0; i < 500; i++) {
            assertThat(limit.allowed()).isNull();
            limit.accept(1000 + random.nextInt(3000));
        }
        int found = -1;
        for (int i = 0; i < 5 * turn + 100 && found < 0; i++) {
            limit.accept(100 + i % turn);
            found = limit.isReached() ? i + 1 : -1;
        }
        assertThat(found).isEqualTo(expected);
        assertThat(limit.allowed()).isEqualTo(found < 0 ? null : TokenSet.of(THINK_END));
    }

    @Test
    void whatVariesIsNoRepetition() {
        var limit = new ReasoningLimit(TOKENIZER, OFF, true);
        for (int i = 0; i < 3000; i++) {
            limit.accept(i % 20 == 0 ? 200 + i / 20 : 100 + i % 20);
            assertThat(limit.isReached()).isFalse();
        }
    }

    @Test
    void withBothOffNothingHappens() {
        var limit = new ReasoningLimit(TOKENIZER, OFF, false);
        for (int i = 0; i < 1000; i++) {
            limit.accept(100);
        }
        assertThat(limit.allowed()).isNull();
    }

    @Test
    void theLimitAgreesWithTheRulesOfTheReply() {
        var grammars = new ReplyGrammars(ConstrainedReply.NANO);
        for (int seed = 0; seed < 5; seed++) {
            var both = TokenConstraint.both(
                    new ReasoningLimit(TOKENIZER, 20, true),
                    grammars.constraint(
                            new ReplyRules(List.of(), new ToolChoice.None(), true, new ReplyFormat.JsonObject()),
                            true));
            var reply = new ConstrainedReply(both, seed);
            Transcript transcript = reply.draw(1000 * seed).transcript(true);
            assertThat(transcript.isWellFormed()).as(reply.text()).isTrue();
            assertThat(transcript.text()).startsWith("{").endsWith("}");
        }
    }
}
