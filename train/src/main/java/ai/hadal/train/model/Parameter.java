package ai.hadal.train.model;

import ai.hadal.tensor.Format;

/// One tensor that is learnt: where its values lie in the flat array of all, and how they are kept and moved.
///
/// @param name its official name
/// @param shape outermost dimension first
/// @param rows of a matrix or table; 1 for a vector
/// @param kind what moves it
/// @param stored the format of the official layout
/// @param offset of its first value
public record Parameter(String name, int[] shape, int rows, int cols, Kind kind, Format stored, int offset) {

    /// What moves a parameter.
    public enum Kind {
        /// A matrix, moved by Muon.
        MATRIX,
        /// A table of token vectors, moved by AdamW with weight decay.
        TOKENS,
        /// A vector or positional table, moved by AdamW without weight decay.
        VECTOR,
        /// A router's bias, moved toward even load.
        BALANCE
    }

    public int size() {
        return rows * cols;
    }

    /// Whether it is multiplied with, else it is read as floats.
    public boolean isMatrix() {
        return kind == Kind.MATRIX || kind == Kind.TOKENS;
    }

    /// Whether only indexers use it.
    public boolean isIndexer() {
        return name.contains(".indexer.");
    }
}
