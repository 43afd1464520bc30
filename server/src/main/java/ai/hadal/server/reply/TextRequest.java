package ai.hadal.server.reply;

import ai.hadal.tokenizer.Tokenizer;

/// A text to continue, without the chat protocol.
///
/// @param ids its tokens, as [#ids(Tokenizer, String)] gives them
public record TextRequest(int[] ids, Format format, Settings settings) {

    /// The tokens of a text, after the begin-of-sentence token. Special tokens in it are recognised.
    public static int[] ids(Tokenizer tokenizer, String text) {
        int[] ids = tokenizer.encode(text);
        if (ids.length > 0 && ids[0] == tokenizer.bosId()) {
            return ids;
        }
        int[] begun = new int[ids.length + 1];
        begun[0] = tokenizer.bosId();
        System.arraycopy(ids, 0, begun, 1, ids.length);
        return begun;
    }
}
