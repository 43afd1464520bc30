package ai.hadal.train.tokenizer;

import ai.hadal.error.HadalException;
import java.util.Iterator;

/// Learns a byte-pair vocabulary from texts: DeepSeek's pre-tokenizer and names, every digit a token of its own, and
/// every byte one, so that it can spell any text. The same texts, in any order, give the same vocabulary.
public final class TokenizerTrainer {

    /// The smallest vocabulary: the bytes and the tokens that have names.
    public static final int LEAST_SIZE = 256 + AddedTokens.COUNT;

    private static final int MOST_SIZE = 1 << 20;

    /// Sees how far training is.
    public interface Watcher {

        /// Texts are being counted.
        default void counted(long bytes) {}

        /// Pairs are being merged.
        default void merged(int entries, int size) {}
    }

    private TokenizerTrainer() {}

    /// A vocabulary of at most `size` entries; smaller where the texts have too few pairs that occur twice.
    ///
    /// @throws HadalException if the size is impossible or there is no text
    public static TrainedTokenizer train(Iterator<String> texts, int size) {
        return train(texts, size, new Watcher() {});
    }

    /// As [#train(Iterator, int)].
    public static TrainedTokenizer train(Iterator<String> texts, int size, Watcher watcher) {
        if (size < LEAST_SIZE || size > MOST_SIZE) {
            throw new HadalException("a vocabulary of " + size + " entries cannot be made; choose " + LEAST_SIZE
                    + " (all bytes and named tokens) to " + MOST_SIZE);
        }
        var pieces = new PieceCounts();
        while (texts.hasNext()) {
            pieces.add(texts.next());
            watcher.counted(pieces.bytes());
        }
        if (pieces.bytes() == 0) {
            throw new HadalException("there is no text to learn a vocabulary from; give files that are not empty");
        }
        var merges = Merges.learn(
                pieces, size - AddedTokens.COUNT, entries -> watcher.merged(entries + AddedTokens.COUNT, size));
        return new TrainedTokenizer(merges, pieces);
    }
}
