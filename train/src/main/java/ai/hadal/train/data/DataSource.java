package ai.hadal.train.data;

import java.util.List;

/// Endless documents by number: the same number gives the same documents, so a run that knows the number it has come
/// to goes on where it stopped. Not for several threads at once.
public interface DataSource {

    /// The documents of an index, none longer than `mostTokens`: several where a long text is cut, none where a
    /// conversation is too long or teaches nothing.
    ///
    /// @param index from 0 on, without an end; a source with fewer documents repeats them in another order
    /// @throws ai.hadal.error.HadalException if what the source reads is wrong; the message names the place
    List<Document> documents(long index, int mostTokens);
}
