package ai.hadal.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LargerThanMemoryTest {

    private static final String PROPERTY = "hadal.readAhead";

    @ParameterizedTest
    @CsvSource({"yes, false", "yes, true", "'', false", "'', true"})
    void aWrongWishIsRefusedHoweverTheEngineStarts(String wish, boolean quickStart) {
        var options = EngineOptions.defaults().withQuickStart(quickStart);
        System.setProperty(PROPERTY, wish);
        try {
            assertThatThrownBy(() -> TinyEngine.open(options).close())
                    .isInstanceOf(HadalException.class)
                    .hasMessage("the system property hadal.readAhead is `" + wish
                            + "`; set it to auto, on or off (-Dhadal.readAhead=auto), or leave it out");
        } finally {
            System.clearProperty(PROPERTY);
        }
    }
}
