package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTextTest {

    @Test
    void textThatIsSafeIsTheSame() {
        String safe = "Depth:\t620 m\n深海 🌊 naïve – שלום";
        assertThat(TerminalText.clean(safe)).isSameAs(safe);
    }

    @Test
    void controlCharactersAreShownByTheirEscapes() {
        assertThat(TerminalText.clean("a\u001b]0;title\u0007b\rc\bd\u007fe\u009b2Jf"))
                .isEqualTo("a\\x1b]0;title\\x07b\\x0dc\\x08d\\x7fe\\x9b2Jf");
    }

    @Test
    void everyControlButNewlineAndTabIsEscaped() {
        for (char c = 0; c < 0x2100; c++) {
            String clean = TerminalText.clean("" + c);
            boolean passes = clean.equals("" + c);
            boolean mayPass = !Character.isISOControl(c) || c == '\n' || c == '\t';
            assertThat(passes && !mayPass).as("U+%04X passes", (int) c).isFalse();
            assertThat(clean.chars().noneMatch(x -> Character.isISOControl(x) && x != '\n' && x != '\t'))
                    .isTrue();
        }
    }

    @Test
    void whatTurnsTheReadingDirectionIsShown() {
        assertThat(TerminalText.clean("a\u202eb\u2066c")).isEqualTo("a\\u202eb\\u2066c");
    }

    @Test
    void jsonKeepsItsMeaningAndLosesItsControls() {
        assertThat(TerminalText.json("{\"text\":\"a\u009b2J\u007f深\"}")).isEqualTo("{\"text\":\"a\\u009b2J\\u007f深\"}");
    }
}
