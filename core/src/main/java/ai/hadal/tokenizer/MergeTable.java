package ai.hadal.tokenizer;

import ai.hadal.error.HadalException;

/// The merges: from a pair of adjacent ids to its rank (the lower, the sooner), and from the rank to the merged id.
final class MergeTable {

    private final LongIntTable ranks;
    private final int[] merged;

    private MergeTable(int size) {
        ranks = new LongIntTable(size);
        merged = new int[size];
    }

    static MergeTable of(Definition definition, TokenTable tokens) {
        var table = new MergeTable(definition.merges().size());
        for (int rank = 0; rank < table.merged.length; rank++) {
            table.add(rank, definition, tokens);
        }
        return table;
    }

    /// The rank of the pair, or -1 if it does not merge.
    int rank(int left, int right) {
        return ranks.get(key(left, right));
    }

    int merged(int rank) {
        return merged[rank];
    }

    private void add(int rank, Definition definition, TokenTable tokens) {
        String merge = definition.merges().get(rank);
        int space = merge.indexOf(' ');
        if (space <= 0 || space == merge.length() - 1 || merge.indexOf(' ', space + 1) >= 0) {
            throw fault(rank, definition, "is not two tokens with a space between them");
        }
        String left = merge.substring(0, space);
        String right = merge.substring(space + 1);
        int id = find(rank, left + right, definition, tokens);
        // An id that text can spell by merging would break the promise of encodeOrdinary.
        if (definition.is(id, Definition.ADDED)) {
            throw fault(rank, definition, "yields an added token");
        }
        long key = key(find(rank, left, definition, tokens), find(rank, right, definition, tokens));
        int earlier = ranks.putIfAbsent(key, rank);
        if (earlier >= 0) {
            throw fault(rank, definition, "is the same as entry " + earlier);
        }
        merged[rank] = id;
    }

    private static int find(int rank, String token, Definition definition, TokenTable tokens) {
        int id = tokens.find(token);
        if (id < 0) {
            throw fault(rank, definition, "needs the token " + Place.quote(token) + ", which does not exist");
        }
        return id;
    }

    private static HadalException fault(int rank, Definition definition, String cause) {
        String merge = Place.quote(definition.merges().get(rank));
        return definition
                .place()
                .fault(definition.mergesField() + "[" + rank + "]", "the merge " + merge + " " + cause);
    }

    private static long key(int left, int right) {
        return ((long) left << Integer.SIZE) | right;
    }
}
