package ai.hadal.train.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntConsumer;

/// Byte pair encoding learnt from counted pieces: again and again the most frequent pair of neighbours becomes one
/// symbol. Of equally frequent pairs the one with the smaller bytes wins, left symbol first, so that the result
/// depends on the counts alone.
///
/// A merge visits only the words that hold its pair. The queue may know a pair by an outdated count; since counts of
/// known pairs grow only when they are queued again, a first entry with its true count is the most frequent pair.
final class Merges {

    private static final int LEAST_COUNT = 2;

    /// A merge of two symbols; the merged one's bytes are those of both.
    record Merge(int left, int right) {}

    /// Two symbols as neighbours, and the words that have or had them.
    private static final class Pair {
        final int left;
        final int right;
        long count;
        List<Word> words = new ArrayList<>(4);

        Pair(int left, int right) {
            this.left = left;
            this.right = right;
        }
    }

    private record Candidate(Pair pair, long count) {}

    /// Bytes of the symbols; a symbol below 256 is a byte.
    private final List<byte[]> symbols = new ArrayList<>();
    private final Map<ByteBuffer, Integer> bySpelling = new HashMap<>();
    private final List<Word> words = new ArrayList<>();
    private final Map<Long, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>(Comparator.comparingLong(Candidate::count)
            .reversed()
            .thenComparing(candidate -> symbol(candidate.pair().left), Arrays::compareUnsigned)
            .thenComparing(candidate -> symbol(candidate.pair().right), Arrays::compareUnsigned));
    private final List<Merge> merges = new ArrayList<>();

    private Merges(PieceCounts pieces) {
        for (int b = 0; b < 256; b++) {
            define(new byte[] {(byte) b});
        }
        pieces.counts().forEach((piece, count) -> words.add(new Word(bytes(piece), count.value)));
        for (Word word : words) {
            count(word, word.count);
            for (int i = 0; i + 1 < word.length(); i++) {
                pair(word.symbol(i), word.symbol(i + 1)).words.add(word);
            }
        }
        pairs.values().forEach(this::queue);
    }

    /// Learns until there are so many symbols, bytes included, or no pair occurs twice.
    ///
    /// @param watcher told the number of symbols now and then
    static Merges learn(PieceCounts pieces, int symbols, IntConsumer watcher) {
        var learnt = new Merges(pieces);
        while (learnt.symbols.size() < symbols && learnt.mergeNext()) {
            watcher.accept(learnt.symbols.size());
        }
        return learnt;
    }

    private static int[] bytes(String piece) {
        byte[] utf8 = piece.getBytes(StandardCharsets.UTF_8);
        var symbols = new int[utf8.length];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = utf8[i] & 0xff;
        }
        return symbols;
    }

    private int define(byte[] spelling) {
        Integer known = bySpelling.putIfAbsent(ByteBuffer.wrap(spelling), symbols.size());
        if (known != null) {
            return known;
        }
        symbols.add(spelling);
        return symbols.size() - 1;
    }

    private Pair pair(int left, int right) {
        return pairs.computeIfAbsent((long) left << Integer.SIZE | right, _ -> new Pair(left, right));
    }

    private void count(Word word, long change) {
        for (int i = 0; i + 1 < word.length(); i++) {
            pair(word.symbol(i), word.symbol(i + 1)).count += change;
        }
    }

    private void queue(Pair pair) {
        if (pair.count >= LEAST_COUNT) {
            queue.add(new Candidate(pair, pair.count));
        }
    }

    private boolean mergeNext() {
        while (!queue.isEmpty()) {
            Candidate first = queue.remove();
            if (first.count() == first.pair().count) {
                merge(first.pair());
                return true;
            }
            queue(first.pair());
        }
        return false;
    }

    private void merge(Pair pair) {
        byte[] left = symbol(pair.left);
        byte[] right = symbol(pair.right);
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        int merged = define(both);
        merges.add(new Merge(pair.left, pair.right));
        List<Word> holders = pair.words;
        pair.words = new ArrayList<>();
        Set<Pair> grown = new HashSet<>();
        for (Word word : holders) {
            if (word.has(pair.left, pair.right)) {
                count(word, -word.count);
                word.merge(pair.left, pair.right, merged);
                count(word, word.count);
                neighbours(word, merged, grown);
            }
        }
        grown.forEach(this::queue);
    }

    private void neighbours(Word word, int merged, Set<Pair> grown) {
        for (int i = 0; i + 1 < word.length(); i++) {
            if (word.symbol(i) == merged || word.symbol(i + 1) == merged) {
                Pair pair = pair(word.symbol(i), word.symbol(i + 1));
                pair.words.add(word);
                grown.add(pair);
            }
        }
    }

    List<Merge> merges() {
        return merges;
    }

    /// Number of symbols, the bytes included.
    int size() {
        return symbols.size();
    }

    /// The bytes of a symbol.
    byte[] symbol(int i) {
        return symbols.get(i);
    }

    /// How many symbols all counted pieces have.
    long tokens() {
        return words.stream().mapToLong(word -> word.count * word.length()).sum();
    }

    /// How many bytes all counted pieces have.
    long bytes() {
        return words.stream()
                .mapToLong(word -> {
                    long length = 0;
                    for (int i = 0; i < word.length(); i++) {
                        length += symbol(word.symbol(i)).length;
                    }
                    return word.count * length;
                })
                .sum();
    }
}
