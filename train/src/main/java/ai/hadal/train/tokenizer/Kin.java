package ai.hadal.train.tokenizer;

import ai.hadal.tokenizer.Tokenizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Which tokens spell the same word: `rice`, `Rice`, and both after a space.
public final class Kin {

    private static final char BROKEN = '\uFFFD';

    private Kin() {}

    /// For each token the first one of the vocabulary that spells the same but for case and the space before it; the
    /// token itself if there is none.
    public static int[] of(Tokenizer tokenizer) {
        int[] kin = new int[tokenizer.size()];
        Map<String, Integer> first = new HashMap<>();
        for (int id = 0; id < kin.length; id++) {
            String text = tokenizer.decode(new int[] {id});
            String word = text.strip().toLowerCase(Locale.ROOT);
            boolean isWord = !word.isEmpty() && text.indexOf(BROKEN) < 0;
            Integer other = isWord ? first.putIfAbsent(word, id) : null;
            kin[id] = other == null ? id : other;
        }
        return kin;
    }
}
