package ai.hadal.chat;

import ai.hadal.tokenizer.TextRange;
import java.util.ArrayList;
import java.util.List;

/// The text of a prompt while it is written, and which of it is whose.
final class PromptText {

    private final StringBuilder text = new StringBuilder();
    private final List<TextRange> contents = new ArrayList<>();

    /// Adds what belongs to the encoding: its special tokens are meant.
    PromptText own(String words) {
        text.append(words);
        return this;
    }

    /// Adds what somebody said.
    PromptText content(String words) {
        int from = text.length();
        text.append(words);
        if (!words.isEmpty()) {
            boolean goesOn = !contents.isEmpty() && contents.getLast().to() == from;
            int start = goesOn ? contents.removeLast().from() : from;
            contents.add(new TextRange(start, text.length()));
        }
        return this;
    }

    int length() {
        return text.length();
    }

    /// Where it is content: ranges in ascending order that do not touch.
    List<TextRange> contents() {
        return contents;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
