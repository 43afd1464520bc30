package ai.hadal.grammar;

import ai.hadal.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.stream.IntStream;

/// The bytes of all ordinary tokens as a tree, its nodes numbered in preorder: a walk is a loop over numbers,
/// and what lies below a node is the range from behind it up to its end. Node 0 is the root.
final class TokenTrie {

    private static final int NO_TOKEN = -1;

    private final byte[] bytes;
    private final int[] depths;
    private final int[] ends;
    private final int[] tokens;
    private final int[] heights;
    private final int[] lengths;
    private final int deepest;

    TokenTrie(Tokenizer tokenizer) {
        byte[][] texts = new byte[tokenizer.size()][];
        Integer[] order = IntStream.range(0, texts.length)
                .filter(tokenizer::isOrdinary)
                .peek(id -> texts[id] = tokenizer.bytes(id))
                .boxed()
                .toArray(Integer[]::new);
        Arrays.sort(order, (a, b) -> Arrays.compareUnsigned(texts[a], texts[b]));
        int nodes = 1;
        byte[] before = {};
        for (int id : order) {
            nodes += texts[id].length - shared(before, texts[id]);
            before = texts[id];
        }
        bytes = new byte[nodes];
        depths = new int[nodes];
        ends = new int[nodes];
        tokens = new int[nodes];
        Arrays.fill(tokens, NO_TOKEN);
        heights = new int[nodes];
        lengths = new int[texts.length];
        deepest = fill(order, texts);
    }

    private int fill(Integer[] order, byte[][] texts) {
        int longest = 0;
        int next = 1;
        byte[] before = {};
        for (int id : order) {
            byte[] text = texts[id];
            for (int depth = shared(before, text); depth < text.length; depth++) {
                bytes[next] = text[depth];
                depths[next++] = depth + 1;
            }
            tokens[next - 1] = id;
            lengths[id] = text.length;
            longest = Math.max(longest, text.length);
            before = text;
        }
        var path = new int[longest + 1];
        for (int node = 1; node < next; node++) {
            for (int open = depths[node - 1]; open >= depths[node]; open--) {
                ends[path[open]] = node;
            }
            path[depths[node]] = node;
        }
        for (int open = depths[next - 1]; open >= 0; open--) {
            ends[path[open]] = next;
        }
        measureHeights(longest);
        return longest;
    }

    private void measureHeights(int longest) {
        // The deepest node seen since the last one of each depth, from the end on.
        var below = new int[longest + 2];
        for (int node = heights.length - 1; node >= 0; node--) {
            int depth = depths[node];
            heights[node] = Math.max(depth, below[depth + 1]);
            below[depth + 1] = 0;
            below[depth] = Math.max(below[depth], heights[node]);
        }
    }

    private static int shared(byte[] a, byte[] b) {
        int differs = Arrays.mismatch(a, b);
        return differs < 0 ? a.length : differs;
    }

    int size() {
        return bytes.length;
    }

    /// The byte that leads to the node, 0 to 255.
    int byteOf(int node) {
        return bytes[node] & 0xFF;
    }

    int depth(int node) {
        return depths[node];
    }

    /// The first node behind those below this one.
    int end(int node) {
        return ends[node];
    }

    /// The token that ends at the node, or -1.
    int token(int node) {
        return tokens[node];
    }

    /// The depth of the deepest node at or below this one.
    int deepestBelow(int node) {
        return heights[node];
    }

    /// The length of an ordinary token in bytes.
    int length(int token) {
        return lengths[token];
    }

    /// The length of the longest token in bytes.
    int deepest() {
        return deepest;
    }
}
