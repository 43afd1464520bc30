package ai.hadal.cli;

import java.nio.file.Path;
import java.util.List;
import org.jline.builtins.Completers.FilesCompleter;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/// Completes commands and what they take; a message is left alone.
final class ChatCompleter implements Completer {

    private final Completer files = new FilesCompleter(Path.of(""));

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (!line.line().startsWith("/")) {
            return;
        }
        if (line.wordIndex() == 0) {
            for (var command : ChatAction.values()) {
                candidates.add(new Candidate(command.word(), command.word(), null, command.help(), null, null, true));
            }
            return;
        }
        ChatAction.of(line.words().getFirst()).ifPresent(action -> {
            switch (action) {
                case MODE -> Modes.NAMES.forEach(name -> candidates.add(new Candidate(name)));
                case STATS -> List.of("on", "off").forEach(word -> candidates.add(new Candidate(word)));
                case SAVE, LOAD -> files.complete(reader, line, candidates);
                default -> {}
            }
        });
    }
}
