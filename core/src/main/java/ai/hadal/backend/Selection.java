package ai.hadal.backend;

/// For every row of a step the compressed entries that the lightning indexer selected, ascending.
public interface Selection {

    /// The entries selected for a row.
    int[] read(int row);
}
