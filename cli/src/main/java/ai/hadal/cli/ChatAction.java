package ai.hadal.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The commands of a chat.
enum ChatAction {
    HELP("", "show this help"),
    MODE("[non-think|high|max]", "show or set how much the model thinks first"),
    SYSTEM("[TEXT]", "show or set standing instructions (- for none)"),
    SAVE("FILE", "save the conversation as JSON"),
    LOAD("FILE", "go on with a saved conversation"),
    STATS("[on|off]", "show context use; line after answers on or off"),
    UNDO("", "take back the last message and its answer"),
    RETRY("", "answer the last message anew"),
    CLEAR("", "forget all but the standing instructions"),
    EXIT("", "leave (also: Ctrl-D)");

    private final String parameters;
    private final String help;

    ChatAction(String parameters, String help) {
        this.parameters = parameters;
        this.help = help;
    }

    String word() {
        return "/" + name().toLowerCase(Locale.ROOT);
    }

    String help() {
        return help;
    }

    String usage() {
        return parameters.isEmpty() ? word() : word() + " " + parameters;
    }

    /// The command of a word, `/quit` being `/exit`.
    static Optional<ChatAction> of(String word) {
        return word.equals("/quit")
                ? Optional.of(EXIT)
                : Arrays.stream(values())
                        .filter(action -> action.word().equals(word))
                        .findFirst();
    }
}
