package ai.hadal.train.nano;

import ai.hadal.chat.ContentBlock;
import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.chat.ToolDefinition;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Episodes of a task and the parts of an episode.
final class Episodes {

    private static final long SEED = 11;

    private Episodes() {}

    static Stream<Episode> of(Task task, ThinkingMode mode, int count) {
        return IntStream.range(0, count).mapToObj(i -> task.make(Draw.of(SEED, i), mode));
    }

    static Stream<Episode> of(String task, ThinkingMode mode, int count) {
        return of(
                LanguageTasks.all().stream()
                        .filter(candidate -> candidate.name().equals(task))
                        .findFirst()
                        .orElseThrow(),
                mode,
                count);
    }

    static List<Message.Assistant> answers(Episode episode) {
        return episode.messages().stream()
                .filter(Message.Assistant.class::isInstance)
                .map(Message.Assistant.class::cast)
                .toList();
    }

    static String answer(Episode episode) {
        return answers(episode).getLast().content();
    }

    static List<String> said(Episode episode) {
        return episode.messages().stream()
                .filter(Message.User.class::isInstance)
                .map(message -> text(((Message.User) message).content()))
                .toList();
    }

    static List<String> results(Episode episode) {
        return episode.messages().stream()
                .filter(Message.Tool.class::isInstance)
                .map(message -> text(((Message.Tool) message).content()))
                .toList();
    }

    /// The one argument of each call.
    static List<String> arguments(Episode episode) {
        return answers(episode).stream()
                .flatMap(answer -> answer.toolCalls().stream())
                .map(call -> ToolDefinition.parse(call.argumentsJson())
                        .function()
                        .properties()
                        .iterator()
                        .next()
                        .getValue()
                        .stringValue())
                .toList();
    }

    static boolean isChinese(String text) {
        return text.chars().anyMatch(c -> c > 0x2E7F);
    }

    private static String text(List<ContentBlock> content) {
        return ((ContentBlock.Text) content.getFirst()).text();
    }
}
