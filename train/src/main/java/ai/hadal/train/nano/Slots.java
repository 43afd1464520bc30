package ai.hadal.train.nano;

import java.util.Map;
import java.util.TreeMap;

/// Words for the slots of a template: `$` and a letter.
final class Slots {

    private final Map<Character, String> words = new TreeMap<>();

    Slots with(char slot, String word) {
        words.put(slot, word);
        return this;
    }

    String fill(String template) {
        var text = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            String word = c == '$' ? words.get(template.charAt(i + 1)) : null;
            if (word == null) {
                text.append(c);
            } else {
                text.append(word);
                i++;
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return String.join(",", words.values());
    }
}
