package ai.hadal.train.tokenizer;

import ai.hadal.checkpoint.AtomicFile;
import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A vocabulary that was learnt.
public final class TrainedTokenizer {

    private final Merges merges;
    private final long corpusBytes;
    private final double bytesPerToken;

    TrainedTokenizer(Merges merges, PieceCounts pieces) {
        this.merges = merges;
        corpusBytes = pieces.bytes();
        // A number's tokens are its bytes.
        long tokens = merges.tokens() + pieces.numberBytes();
        bytesPerToken = tokens == 0 ? 0 : (double) (merges.bytes() + pieces.numberBytes()) / tokens;
    }

    /// The number of entries, named tokens included.
    public int size() {
        return merges.size() + AddedTokens.COUNT;
    }

    /// The size of the texts it was learnt from.
    public long corpusBytes() {
        return corpusBytes;
    }

    /// How many bytes of those texts a token stands for on average, named tokens apart.
    public double bytesPerToken() {
        return bytesPerToken;
    }

    /// Writes a tokenizer.json, whole or not at all.
    ///
    /// @param path the file, or a folder that it shall lie in
    /// @return the file
    /// @throws HadalException if it cannot be written
    public Path write(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
        try {
            AtomicFile.write(file, out -> TokenizerFile.write(merges, out));
        } catch (IOException e) {
            throw new HadalException(
                    file + " cannot be written (" + e.getMessage() + "); check the folder and the free space", e);
        }
        return file;
    }
}
