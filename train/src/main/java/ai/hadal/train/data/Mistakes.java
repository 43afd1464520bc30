package ai.hadal.train.data;

import static ai.hadal.train.nano.Episode.MISTAKE_END;
import static ai.hadal.train.nano.Episode.MISTAKE_START;

import ai.hadal.chat.Message;
import ai.hadal.error.HadalException;

/// The marks around text that is seen but not learnt.
final class Mistakes {

    private Mistakes() {}

    /// Takes the pieces of a marked text in order.
    interface Sink {
        void piece(String text, boolean mistake);
    }

    /// The message without marks. Only the assistant's own words can hold any.
    static Message without(Message message) {
        return message instanceof Message.Assistant said && (isMarked(said.reasoning()) || isMarked(said.content()))
                ? new Message.Assistant(
                        without(said.content()), without(said.reasoning()), said.toolCalls(), said.open(), said.task())
                : message;
    }

    /// The text without marks.
    static String without(String text) {
        return isMarked(text)
                ? text.replace(String.valueOf(MISTAKE_START), "").replace(String.valueOf(MISTAKE_END), "")
                : text;
    }

    /// Cuts a text at its marks.
    ///
    /// @throws HadalException if the marks do not come in pairs
    static void split(String text, Sink sink) {
        int done = 0;
        boolean open = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? 0 : text.charAt(i);
            if (i < text.length() && c != MISTAKE_START && c != MISTAKE_END) {
                continue;
            }
            if (i == text.length() ? open : open == (c == MISTAKE_START)) {
                throw new HadalException("the marks U+E000 and U+E001 around a mistake are not in pairs in `"
                        + without(text) + "`; begin each mistake with the one and end it with the other");
            }
            if (done < i) {
                sink.piece(text.substring(done, i), open);
            }
            open = c == MISTAKE_START;
            done = i + 1;
        }
    }

    private static boolean isMarked(String text) {
        return text.indexOf(MISTAKE_START) >= 0 || text.indexOf(MISTAKE_END) >= 0;
    }
}
