package ai.hadal.tokenizer;

/// Turns ids into text as they arrive. What [#next] returns is always whole code points: the bytes of a character
/// that is not complete yet are held back until a later token completes it. All that was returned, joined, is what
/// [Tokenizer#decode(int[], boolean)] gives for the same ids. One detokenizer belongs to one reply and one thread.
public final class Detokenizer {

    private final Tokenizer tokenizer;
    private final boolean skipSpecial;
    private final Utf8Decoder decoder = new Utf8Decoder();
    private final StringBuilder text = new StringBuilder();

    Detokenizer(Tokenizer tokenizer, boolean skipSpecial) {
        this.tokenizer = tokenizer;
        this.skipSpecial = skipSpecial;
    }

    /// The text that this token completes; empty if it completes none.
    ///
    /// @throws ai.hadal.error.HadalException if the id is not in the vocabulary
    public String next(int id) {
        if (!skipSpecial || !tokenizer.isSpecial(id)) {
            decoder.decode(tokenizer.bytes(id), text);
        }
        return take();
    }

    /// The end of the text: U+FFFD if the last character never became complete, else empty. The detokenizer is then
    /// as new.
    public String finish() {
        decoder.finish(text);
        return take();
    }

    private String take() {
        var taken = text.toString();
        text.setLength(0);
        return taken;
    }
}
