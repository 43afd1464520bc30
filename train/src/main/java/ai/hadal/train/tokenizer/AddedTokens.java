package ai.hadal.train.tokenizer;

import ai.hadal.chat.Markers;
import ai.hadal.chat.Task;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The tokens that a vocabulary has by name, in DeepSeek's spelling.
final class AddedTokens {

    /// The control tokens; their ids are 0, 1 and 2.
    static final List<String> CONTROL = List.of(Markers.BEGIN_OF_SENTENCE, Markers.END_OF_SENTENCE, "<｜▁pad▁｜>");

    /// The names of the chat protocol and of filling in the middle; their ids are the last ones.
    static final List<String> PROTOCOL = Stream.of(
                    Stream.of(
                            Markers.USER,
                            Markers.ASSISTANT,
                            "<|EOT|>",
                            Markers.THINK_START,
                            Markers.THINK_END,
                            Markers.DSML,
                            Markers.LATEST_REMINDER),
                    Task.ALL.stream().map(Task::marker),
                    Stream.of("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"))
            .flatMap(tokens -> tokens)
            .toList();

    /// Finds them in text. None begins with another one.
    static final Pattern ANY = Pattern.compile(Stream.concat(CONTROL.stream(), PROTOCOL.stream())
            .map(Pattern::quote)
            .collect(Collectors.joining("|")));

    static final int COUNT = CONTROL.size() + PROTOCOL.size();

    private AddedTokens() {}
}
