package ai.hadal.grammar;

/// The tokens that some states allow from a node of the trie on, as far as that doesn't depend on what lies
/// beneath the states.
///
/// @param words the tokens as bits, or empty if there are few
/// @param few the tokens if they are few
/// @param exits nodes with others below them at which the rule of these states can be complete: whatever lies
///     beneath decides about the tokens below
@SuppressWarnings("ArrayRecordComponent") // never compared
record PartialMask(long[] words, int[] few, int[] exits) {

    void addTo(long[] all) {
        for (int i = 0; i < words.length; i++) {
            all[i] |= words[i];
        }
        for (int id : few) {
            all[id >> 6] |= 1L << id;
        }
    }

    /// Adds the tokens and exits at nodes of at most this depth to lists.
    void copyUpTo(int depth, TokenTrie trie, Ints tokens, Ints nodes) {
        for (int i = 0; i < words.length; i++) {
            for (long rest = words[i]; rest != 0; rest &= rest - 1) {
                copyUpTo(depth, trie, (i << 6) + Long.numberOfTrailingZeros(rest), tokens);
            }
        }
        for (int id : few) {
            copyUpTo(depth, trie, id, tokens);
        }
        for (int node : exits) {
            if (trie.depth(node) <= depth) {
                nodes.add(node);
            }
        }
    }

    private static void copyUpTo(int depth, TokenTrie trie, int id, Ints tokens) {
        if (trie.length(id) <= depth) {
            tokens.add(id);
        }
    }

    /// In bytes, about.
    long size() {
        return 64 + 8L * words.length + 4L * few.length + 4L * exits.length;
    }
}
