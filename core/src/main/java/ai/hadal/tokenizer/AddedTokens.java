package ai.hadal.tokenizer;

/// Finds added tokens in text: at each place the longest one that starts there, from left to right. One trie over
/// UTF-16 units, kept in a flat table; a bit per possible first unit skips almost all ordinary text.
final class AddedTokens {

    private final LongIntTable children = new LongIntTable(1024);
    private final IntList tokenOfNode = new IntList();
    private final long[] starts = new long[0x10000 / Long.SIZE];

    AddedTokens() {
        tokenOfNode.add(-1);
    }

    void add(String token, int id) {
        char first = token.charAt(0);
        starts[first >> 6] |= 1L << first;
        int node = 0;
        for (int i = 0; i < token.length(); i++) {
            int child = children.putIfAbsent(edge(node, token.charAt(i)), tokenOfNode.size());
            if (child < 0) {
                child = tokenOfNode.size();
                tokenOfNode.add(-1);
            }
            node = child;
        }
        tokenOfNode.set(node, id);
    }

    /// The first place in `[from, to)` where some added token's first unit stands; `to` if there is none.
    int candidate(char[] text, int from, int to) {
        int i = from;
        while (i < to && (starts[text[i] >> 6] & (1L << text[i])) == 0) {
            i++;
        }
        return i;
    }

    /// The id of the longest added token that starts at `from` and ends by `to`, or -1.
    int longest(char[] text, int from, int to) {
        int longest = -1;
        int node = 0;
        for (int i = from; i < to; i++) {
            node = children.get(edge(node, text[i]));
            if (node < 0) {
                break;
            }
            if (tokenOfNode.get(node) >= 0) {
                longest = tokenOfNode.get(node);
            }
        }
        return longest;
    }

    private static long edge(int node, char unit) {
        return ((long) node << Character.SIZE) | unit;
    }
}
