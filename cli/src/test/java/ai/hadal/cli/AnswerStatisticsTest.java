package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.Answer;
import ai.hadal.chat.Reply;
import ai.hadal.engine.FinishReason;
import ai.hadal.engine.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerStatisticsTest {

    /// Thirty tokens of the prompt and seventy of the answer went through the model.
    private static final Answer ANSWER = new Answer(
            new Reply("", "yes", List.of()),
            List.of(),
            FinishReason.END_OF_TURN,
            new Usage(50, 20, 0, 70),
            500_000_000,
            1_000_000_000,
            0,
            0);

    @Test
    void whatCameFromDiskIsSaidPerToken() {
        assertThat(AnswerStatistics.line(ANSWER, new DiskReads(100L << 20, 3))).endsWith("; 1.00 MiB/token from disk");
    }

    @Test
    void whatTheProgramItselfReadsIsNot() {
        assertThat(AnswerStatistics.line(ANSWER, new DiskReads(100 << 10, 3))).doesNotContain("disk");
    }
}
