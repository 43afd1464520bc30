package ai.hadal.train.data;

/// A text to learn from, as ids.
///
/// @param ids the tokens, begin of sentence included where the text has one
/// @param learnt whether token i is to be predicted from those before it; same length, false for the first
public record Document(int[] ids, boolean[] learnt) {

    public Document {
        if (ids.length != learnt.length) {
            throw new IllegalArgumentException(ids.length + " ids with " + learnt.length + " marks");
        }
    }

    public int length() {
        return ids.length;
    }
}
