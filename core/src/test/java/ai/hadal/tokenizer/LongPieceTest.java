package ai.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A megabyte that the pre-tokenizer cannot cut takes a fraction of a second; anything quadratic takes hours.
class LongPieceTest {

    private static final int BYTES = 1 << 20;

    private final Tokenizer nano = Tokenizer.fromJson(Golden.NANO);

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "the", " ", "\n", " \n", "7", "中", "カ・", "!", "-", "\u0301", "🦀", "\u0001", "<", "<｜User"})
    void completes(String unit) {
        String text = unit.repeat(BYTES / unit.length());
        int[] ids = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> nano.encode(text));
        assertThat(nano.decode(ids).equals(text)).isTrue();
    }
}
