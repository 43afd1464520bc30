package ai.hadal.train.quantize;

import ai.hadal.engine.Engine;
import ai.hadal.engine.GeneratedToken;
import ai.hadal.engine.GenerationListener;
import ai.hadal.engine.GenerationRequest;
import ai.hadal.engine.SamplingOptions;
import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/// Token ids that two models are compared on, each sequence from its beginning.
///
/// @param sequences none of them empty
/// @param source where they come from, for people
record MeasuredText(List<int[]> sequences, String source) {

    /// Any fixed number would do.
    private static final long SEED = 4;

    /// Tokens that a model says by itself: from the begin token on, at temperature 1, and after each end of a turn
    /// anew. The same model gives the same text every time.
    static MeasuredText spoken(Engine engine, int tokens, IntConsumer progress) {
        List<int[]> sequences = new ArrayList<>();
        int bos = engine.config().bosId();
        int count = 0;
        while (count < tokens) {
            var sampling = SamplingOptions.defaults(SEED + sequences.size());
            int before = count;
            var listener = new GenerationListener() {
                private int said = before;

                @Override
                public void token(GeneratedToken token) {
                    progress.accept(++said);
                }
            };
            var request = GenerationRequest.of(new int[] {bos}, sampling, tokens - count - 1);
            int[] said = engine.newSession().generate(request, listener).ids();
            boolean ended =
                    said.length > 0 && said[said.length - 1] == engine.config().eosId();
            int[] sequence = new int[1 + said.length - (ended ? 1 : 0)];
            sequence[0] = bos;
            System.arraycopy(said, 0, sequence, 1, sequence.length - 1);
            sequences.add(sequence);
            count += sequence.length;
        }
        return new MeasuredText(sequences, "text that the original model said itself");
    }

    /// The first tokens of a text file, after the begin token.
    ///
    /// @throws HadalException if the file can't be read, is empty, or the model has no tokenizer
    static MeasuredText of(Engine engine, Path file, int tokens) {
        int[] ids = engine.tokenizer().encode(read(file));
        int[] sequence = new int[Math.min(tokens, ids.length + 1)];
        sequence[0] = engine.config().bosId();
        System.arraycopy(ids, 0, sequence, 1, sequence.length - 1);
        return new MeasuredText(List.of(sequence), file.toString());
    }

    /// @throws HadalException if the file can't be read or is empty
    static String read(Path file) {
        try {
            String text = Files.readString(file);
            if (text.isEmpty()) {
                throw new HadalException(file + " holds no text; give --text a file with some");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new HadalException(file + " is not UTF-8 text; give --text a text file", e);
        } catch (NoSuchFileException e) {
            throw new HadalException(file + " does not exist; give --text a readable text file", e);
        } catch (IOException e) {
            throw new HadalException(
                    file + " cannot be read (" + e.getMessage() + "); give --text a readable text file", e);
        }
    }

    int tokens() {
        return sequences.stream().mapToInt(sequence -> sequence.length).sum();
    }

    /// Sequences in pieces of at most `size` tokens; `first` says that one begins.
    record Piece(int[] ids, boolean first) {}

    List<Piece> pieces(int size) {
        List<Piece> pieces = new ArrayList<>();
        for (int[] sequence : sequences) {
            for (int from = 0; from < sequence.length; from += size) {
                int end = Math.min(sequence.length, from + size);
                pieces.add(new Piece(Arrays.copyOfRange(sequence, from, end), from == 0));
            }
        }
        return pieces;
    }
}
