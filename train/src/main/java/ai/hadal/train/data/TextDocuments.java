package ai.hadal.train.data;

import ai.hadal.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Plain texts to documents that are learnt whole. Nothing in a text is special: names of control tokens are encoded
/// letter by letter.
public final class TextDocuments {

    private final Tokenizer tokenizer;

    public TextDocuments(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// The text between a begin- and an end-of-sentence token, in pieces of at most `mostTokens`. A piece begins with
    /// the last token of the one before, so that each token but the first is learnt exactly once.
    ///
    /// @param mostTokens at least 2
    public List<Document> encode(String text, int mostTokens) {
        if (mostTokens < 2) {
            throw new IllegalArgumentException("pieces of " + mostTokens + " tokens teach nothing");
        }
        int[] words = tokenizer.encodeOrdinary(text);
        var ids = new int[words.length + 2];
        ids[0] = tokenizer.bosId();
        System.arraycopy(words, 0, ids, 1, words.length);
        ids[ids.length - 1] = tokenizer.eosId();
        var pieces = new ArrayList<Document>();
        for (int from = 0; from < ids.length - 1; from += mostTokens - 1) {
            var piece = new DocumentBuilder();
            piece.add(Arrays.copyOfRange(ids, from, Math.min(from + mostTokens, ids.length)), true);
            pieces.add(piece.build());
        }
        return pieces;
    }
}
