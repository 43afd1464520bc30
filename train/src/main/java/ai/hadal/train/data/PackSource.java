package ai.hadal.train.data;

import java.util.List;

/// Packs of documents, one after the other, from a place that can be kept.
public interface PackSource extends AutoCloseable {

    /// Whole documents with together at most as many tokens as fit a pack, at least one.
    ///
    /// @throws ai.hadal.error.HadalException if the data is wrong; the message names the place
    List<Document> nextPack();

    /// The place after the last pack given: from there the same packs follow.
    Packer.State state();

    @Override
    void close();
}
