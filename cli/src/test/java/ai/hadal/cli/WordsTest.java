package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Words that people type: modes, commands, messages of several lines.
class WordsTest {

    @Test
    void modesHaveTheNamesOfTheField() {
        assertThat(Modes.of("non-think")).isEqualTo(ThinkingMode.NON_THINK);
        assertThat(Modes.of("high")).isEqualTo(ThinkingMode.HIGH).isEqualTo(Modes.of("think-high"));
        assertThat(Modes.of("max")).isEqualTo(ThinkingMode.MAX).isEqualTo(Modes.of("think-max"));
        for (var mode : ThinkingMode.values()) {
            assertThat(Modes.of(Modes.name(mode))).isEqualTo(mode);
        }
    }

    @Test
    void aMistypedModeGetsASuggestion() {
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> Modes.of("hihg"))
                .withMessage("there is no mode 'hihg' (did you mean high?); choose non-think, high or max");
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> Modes.of("submarine"))
                .withMessage("there is no mode 'submarine'; choose non-think, high or max");
    }

    @Test
    void theNearestWordIsSuggestedIfItIsNear() {
        assertThat(Suggestion.nearest("/mdoe", List.of("/mode", "/load"))).contains("/mode");
        assertThat(Suggestion.nearest("/banana", List.of("/mode", "/load"))).isEmpty();
        assertThat(Suggestion.nearest("x", List.of())).isEmpty();
        assertThat(Suggestion.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Suggestion.distance("", "abc")).isEqualTo(3);
    }

    @Test
    void everyChatCommandIsFoundByItsWord() {
        for (var action : ChatAction.values()) {
            assertThat(ChatAction.of(action.word())).contains(action);
        }
        assertThat(ChatAction.of("/quit")).contains(ChatAction.EXIT);
        assertThat(ChatAction.of("/nope")).isEmpty();
    }

    @Test
    void aBackslashContinuesAMessage() {
        assertThat(MultiLine.isOpen("one \\")).isTrue();
        assertThat(MultiLine.isOpen("one \\\ntwo")).isFalse();
        assertThat(MultiLine.isOpen("ends with \\\\")).isFalse();
        assertThat(MultiLine.text("one \\\ntwo")).isEqualTo("one \ntwo");
    }

    @Test
    void threeQuotesAreABlock() {
        assertThat(MultiLine.isOpen("\"\"\"")).isTrue();
        assertThat(MultiLine.isOpen("\"\"\"a \\\nb\"\"\"")).isFalse();
        assertThat(MultiLine.text("\"\"\"\na \\\n  b\n\"\"\"")).isEqualTo("a \\\n  b");
        assertThat(MultiLine.text("say \"\"\" aloud")).isEqualTo("say \"\"\" aloud");
        assertThat(MultiLine.text("\"\"\"never closed")).isEqualTo("never closed");
    }
}
