package ai.hadal.cli;

import ai.hadal.Answer;
import java.util.Locale;

/// What an answer took, in one line.
final class AnswerStatistics {

    private static final double NANOS = 1e9;

    /// Bytes.
    private static final long SOME = 1 << 20;

    private AnswerStatistics() {}

    /// As in `58 tokens (12 thinking), 31.4 tokens/s, first after 0.24 s; drafts 20 of 32; prompt 120 (96 cached)`: the
    /// drafted tokens that were right, if there were any, and why it was cut off if it was.
    ///
    /// A server that counts no tokens leaves only times to tell.
    ///
    /// @param disk what was read from disk meanwhile: said if it is more than the program itself may need, as in
    ///     `; 193 MiB/token from disk`
    static String line(Answer answer, DiskReads disk) {
        var usage = answer.usage();
        var line = new StringBuilder();
        boolean counted = usage.prompt() > 0;
        if (counted) {
            line.append(usage.output()).append(usage.output() == 1 ? " token" : " tokens");
        } else {
            line.append("tokens not counted by the server");
        }
        if (usage.reasoning() > 0) {
            line.append(" (").append(usage.reasoning()).append(" thinking)");
        }
        if (answer.tokensPerSecond() > 0) {
            line.append(String.format(Locale.ROOT, ", %.1f tokens/s", answer.tokensPerSecond()));
        }
        line.append(String.format(Locale.ROOT, ", first after %.2f s", answer.prefillNanos() / NANOS));
        if (answer.drafted() > 0) {
            line.append("; drafts ").append(answer.accepted()).append(" of ").append(answer.drafted());
        }
        if (counted) {
            line.append("; prompt ").append(usage.prompt());
        }
        if (usage.cached() > 0) {
            line.append(" (").append(usage.cached()).append(" cached)");
        }
        if (disk.bytes() >= SOME) {
            long tokens = Math.max(1, usage.prompt() - usage.cached() + usage.output());
            line.append("; ").append(Shown.size(disk.bytes() / tokens)).append("/token from disk");
        }
        return line + ending(answer);
    }

    private static String ending(Answer answer) {
        return switch (answer.reason()) {
            case END_OF_TURN, STOP -> "";
            case LENGTH -> "; cut off by the limit";
            case CANCELLED -> "; stopped";
        };
    }
}
