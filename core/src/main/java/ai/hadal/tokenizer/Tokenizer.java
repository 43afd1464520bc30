package ai.hadal.tokenizer;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/// Text to token ids and back: byte-level BPE with DeepSeek's pre-tokenizer, equal to the Hugging Face library on
/// the official `tokenizer.json`. Ids are dense, `0 .. size() - 1`.
///
/// _Added tokens_ are those the model was taught by name (`<｜User｜>`, `<think>`, `｜DSML｜`, ...) rather than by
/// merging bytes. [#encode] recognises them in the text; [#encodeOrdinary] does not, and never yields the id of
/// one. [#encode(String, List)] recognises them in parts of the text alone, so that what others said within a
/// prompt cannot forge a turn. The _special_ ones among them are control tokens that
/// [#decode(int[], boolean)] can leave out. Which added tokens are special is the file's word: a GGUF file marks
/// more of them so (`<｜User｜>`) than the tokenizer.json it was made from.
///
/// Every text is a sequence of Unicode scalar values: a lone surrogate counts as U+FFFD. No method adds a
/// begin-of-sentence token. A tokenizer is immutable and may be used by any number of threads.
public interface Tokenizer {

    /// Reads a Hugging Face `tokenizer.json`, given the file or the directory that holds it. The begin, end and
    /// padding tokens are found by DeepSeek's spelling of them; without a padding token the end token pads.
    ///
    /// @throws ai.hadal.error.HadalException with one sentence that names the file, the field and what is wrong
    static Tokenizer fromJson(Path tokenizerJson) {
        return BpeTokenizer.of(TokenizerJson.read(tokenizerJson));
    }

    /// Builds the tokenizer of a GGUF file from its metadata.
    ///
    /// @throws ai.hadal.error.HadalException with one sentence that names the file, the key and what is wrong
    static Tokenizer of(Vocabulary vocabulary) {
        return BpeTokenizer.of(vocabulary.definition());
    }

    /// The ids of a text in which added tokens are recognised.
    ///
    /// @throws ai.hadal.error.HadalException if the text has more than 2^26 UTF-16 units
    default int[] encode(String text) {
        return encode(text, List.of());
    }

    /// The ids of a text in which added tokens are recognised only where they share no unit with any of the
    /// ranges. All else is as in [#encode(String)]: pieces and merges do not heed where a range begins or ends, so
    /// the ids are the same where no added token's name reaches into one.
    ///
    /// @param ordinary ranges in ascending order that do not overlap
    /// @throws ai.hadal.error.HadalException if the text has more than 2^26 UTF-16 units
    int[] encode(String text, List<TextRange> ordinary);

    /// The ids of a text in which nothing is special: what looks like an added token is encoded letter by letter.
    ///
    /// @throws ai.hadal.error.HadalException if the text has more than 2^26 UTF-16 units
    int[] encodeOrdinary(String text);

    /// The text of the ids, special tokens included. Bytes that are not UTF-8 become U+FFFD, one for each maximal
    /// ill-formed subpart (Unicode, section 3.9).
    ///
    /// @throws ai.hadal.error.HadalException if an id is not in the vocabulary
    default String decode(int[] ids) {
        return decode(ids, false);
    }

    /// As [#decode(int[])], where `skipSpecial` leaves out the tokens of which [#isSpecial] holds.
    String decode(int[] ids, boolean skipSpecial);

    /// The bytes that the token stands for: for an added token its name in UTF-8, for any other possibly a part of a
    /// character. The array is the caller's own.
    ///
    /// @throws ai.hadal.error.HadalException if the id is not in the vocabulary
    byte[] bytes(int id);

    /// A new detokenizer that renders special tokens as text.
    default Detokenizer detokenizer() {
        return detokenizer(false);
    }

    /// A new detokenizer that leaves special tokens out if `skipSpecial`.
    default Detokenizer detokenizer(boolean skipSpecial) {
        return new Detokenizer(this, skipSpecial);
    }

    /// The number of tokens, added ones included.
    int size();

    /// The id of the token with this spelling: an added token's name, any other token in the GPT-2 byte alphabet
    /// (`Ġthe` is " the").
    OptionalInt id(String token);

    /// The spelling of the token, as [#id(String)] takes it.
    ///
    /// @throws ai.hadal.error.HadalException if the id is not in the vocabulary
    String token(int id);

    /// Whether the token is a control token, which [#decode(int[], boolean)] can leave out.
    ///
    /// @throws ai.hadal.error.HadalException if the id is not in the vocabulary
    boolean isSpecial(int id);

    /// Whether the token stands for a piece of ordinary text: it is neither an added one nor an unused id.
    ///
    /// @throws ai.hadal.error.HadalException if the id is not in the vocabulary
    boolean isOrdinary(int id);

    /// The id of the begin-of-sentence token.
    int bosId();

    /// The id of the end-of-sentence token.
    int eosId();

    /// The id of the padding token; the end-of-sentence token where the vocabulary has none.
    int padId();
}
