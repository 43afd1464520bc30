package ai.hadal.tokenizer;

/// Byte pair encoding of one piece: of all adjacent pairs that merge, the one of the lowest rank is merged, the
/// leftmost first, until none is left.
///
/// The symbols are a linked list in flat arrays and the pairs a binary heap of longs (rank above position, so that
/// comparing numbers is comparing rank first, place second). A merge outdates the heap entries of both neighbours;
/// they stay in the heap and are known by a rank that is no longer the pair's. Each merge adds at most two entries,
/// so a piece of n bytes takes O(n log n) time and O(n) memory, however long. One instance serves one call.
final class BytePairMerger {

    private static final int NONE = -1;

    private final MergeTable merges;
    private final int[] byteIds;

    private int count;
    private int[] ids = new int[0];
    private int[] previous = new int[0];
    private int[] next = new int[0];
    /// The rank of the pair that starts at a symbol, or NONE.
    private int[] ranks = new int[0];

    private long[] heap = new long[0];
    private int heapSize;

    /// @param byteIds the id of each byte's token
    BytePairMerger(MergeTable merges, int[] byteIds) {
        this.merges = merges;
        this.byteIds = byteIds;
    }

    /// Adds the ids of the piece `text[start .. end)`, well-formed UTF-16 and not empty.
    void merge(char[] text, int start, int end, IntList out) {
        reserve(utf8Length(text, start, end));
        symbols(text, start, end);
        pairs();
        while (heapSize > 0) {
            long top = pop();
            int rank = (int) (top >>> Integer.SIZE);
            int symbol = (int) top;
            if (ranks[symbol] == rank) {
                join(symbol, rank);
            }
        }
        for (int symbol = 0; symbol < count; symbol = next[symbol]) {
            out.add(ids[symbol]);
        }
    }

    private static int utf8Length(char[] text, int start, int end) {
        int length = 0;
        for (int i = start; i < end; i++) {
            char c = text[i];
            // A surrogate pair has four bytes, two for each half.
            length = Math.addExact(length, c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3);
        }
        return length;
    }

    private void reserve(int symbols) {
        if (symbols > ids.length) {
            int capacity = Math.max(symbols, 64);
            ids = new int[capacity];
            previous = new int[capacity];
            next = new int[capacity];
            ranks = new int[capacity];
            // n - 1 pairs at first, and a merge takes one entry and adds at most two.
            heap = new long[Math.multiplyExact(2, capacity)];
        }
        count = 0;
        heapSize = 0;
    }

    private void symbols(char[] text, int start, int end) {
        int i = start;
        while (i < end) {
            int c = text[i++];
            if (c < 0x80) {
                symbol(c);
            } else if (c < 0x800) {
                symbol(0xC0 | (c >> 6));
                symbol(0x80 | (c & 0x3F));
            } else if (!Character.isHighSurrogate((char) c)) {
                symbol(0xE0 | (c >> 12));
                symbol(0x80 | ((c >> 6) & 0x3F));
                symbol(0x80 | (c & 0x3F));
            } else {
                c = Character.toCodePoint((char) c, text[i++]);
                symbol(0xF0 | (c >> 18));
                symbol(0x80 | ((c >> 12) & 0x3F));
                symbol(0x80 | ((c >> 6) & 0x3F));
                symbol(0x80 | (c & 0x3F));
            }
        }
    }

    private void symbol(int value) {
        ids[count] = byteIds[value];
        previous[count] = count - 1;
        next[count] = ++count;
    }

    private void pairs() {
        for (int symbol = 0; symbol < count; symbol++) {
            rate(symbol);
            if (ranks[symbol] != NONE) {
                heap[heapSize++] = entry(symbol);
            }
        }
        for (int parent = (heapSize >> 1) - 1; parent >= 0; parent--) {
            siftDown(parent, heap[parent]);
        }
    }

    private void join(int symbol, int rank) {
        int right = next[symbol];
        int after = next[right];
        ids[symbol] = merges.merged(rank);
        ranks[right] = NONE;
        next[symbol] = after;
        if (after < count) {
            previous[after] = symbol;
        }
        push(symbol);
        int before = previous[symbol];
        if (before >= 0) {
            push(before);
        }
    }

    private void rate(int symbol) {
        int right = next[symbol];
        ranks[symbol] = right < count ? merges.rank(ids[symbol], ids[right]) : NONE;
    }

    private long entry(int symbol) {
        return ((long) ranks[symbol] << Integer.SIZE) | symbol;
    }

    private void push(int symbol) {
        rate(symbol);
        if (ranks[symbol] == NONE) {
            return;
        }
        long entry = entry(symbol);
        int hole = heapSize++;
        while (hole > 0 && heap[(hole - 1) >> 1] > entry) {
            heap[hole] = heap[(hole - 1) >> 1];
            hole = (hole - 1) >> 1;
        }
        heap[hole] = entry;
    }

    private long pop() {
        long top = heap[0];
        long last = heap[--heapSize];
        if (heapSize > 0) {
            siftDown(0, last);
        }
        return top;
    }

    private void siftDown(int from, long entry) {
        int hole = from;
        while (true) {
            int child = 2 * hole + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= entry) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = entry;
    }
}
