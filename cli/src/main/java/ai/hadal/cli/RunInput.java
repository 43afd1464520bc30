package ai.hadal.cli;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which of the arguments of `hadal run` is what, and what standard input adds.
///
/// @param model the model that was named, null if none was
/// @param prompt the prompt from the arguments, "" if there is none
/// @param readsInput whether standard input is a part of the prompt
record RunInput(@Nullable Path model, String prompt, boolean readsInput) {

    private static final String INPUT = "-";

    /// Sorts the arguments.
    ///
    /// @param arguments what is no option
    /// @param modelNamed a model was named by an option, so that no argument is one
    /// @param piped standard input is not a terminal
    /// @throws HadalException if there is no prompt or there are too many arguments
    static RunInput of(List<String> arguments, boolean modelNamed, boolean piped) {
        int most = modelNamed ? 1 : 2;
        if (arguments.size() > most) {
            throw new HadalException("there are " + arguments.size()
                    + " arguments where a model and a prompt may be; put the whole prompt in quotes");
        }
        if (arguments.size() == 2) {
            return checked(model(arguments.get(0)), arguments.get(1), piped);
        }
        String only = arguments.isEmpty() ? "" : arguments.getFirst();
        boolean isModel = !modelNamed && isCheckpoint(only);
        return isModel ? checked(Path.of(only), "", piped) : checked(null, only, piped);
    }

    private static RunInput checked(@Nullable Path model, String argument, boolean piped) {
        boolean dash = argument.equals(INPUT);
        if (argument.isEmpty() && !piped) {
            throw new HadalException(
                    model == null
                            ? "there is no prompt; give one, as in: hadal run \"How deep is the sea?\""
                            : model + " is a model; give it a prompt, as in: hadal run " + model
                                    + " \"How deep is the sea?\", or talk to it: hadal chat " + model);
        }
        return new RunInput(model, dash ? "" : argument, piped || dash);
    }

    private static Path model(String argument) {
        if (argument.isEmpty()) {
            throw new HadalException("the model's name is empty; give the path of a checkpoint");
        }
        boolean wordLike = argument.indexOf('/') < 0 && !argument.endsWith(".gguf");
        if (wordLike && !Files.exists(Path.of(argument))) {
            throw new HadalException("there is no model '" + TerminalText.clean(argument)
                    + "'; if it belongs to the prompt, put the whole prompt in quotes");
        }
        return Path.of(argument);
    }

    private static boolean isCheckpoint(String argument) {
        if (argument.isEmpty() || argument.indexOf('\0') >= 0 || argument.indexOf('\n') >= 0) {
            return false;
        }
        try {
            var path = Path.of(argument);
            return Files.isRegularFile(path.resolve("config.json"))
                    || argument.endsWith(".gguf") && Files.isRegularFile(path);
        } catch (InvalidPathException _) {
            return false;
        }
    }

    /// The whole prompt: that of the arguments and, after a blank line, the text of standard input.
    ///
    /// @throws HadalException if standard input is not UTF-8 text or the prompt is empty
    String text(InputStream in) {
        String input = readsInput ? read(in) : "";
        String text = prompt.isEmpty() || input.isEmpty() ? prompt + input : prompt + "\n\n" + input;
        if (text.isBlank()) {
            throw new HadalException("the prompt is empty; give one as an argument or on standard input");
        }
        return text;
    }

    /// A line's end before the end of the input is the shell's, not the user's.
    private static String read(InputStream in) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in.readAllBytes()))
                    .toString();
            return text.stripTrailing();
        } catch (CharacterCodingException e) {
            throw new HadalException("standard input is not UTF-8 text; convert it first", e);
        } catch (IOException e) {
            throw new HadalException("standard input cannot be read (" + e.getMessage() + "); try a file", e);
        }
    }
}
