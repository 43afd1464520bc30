package ai.hadal.engine.prefix;

import ai.hadal.engine.prefix.PrefixStats.Hits;
import ai.hadal.model.EntryBlock;
import ai.hadal.model.Model;
import ai.hadal.model.SequenceState;
import ai.hadal.model.WindowSnapshot;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What sequences of one model computed, by their tokens, so that a text that begins like an earlier one
/// continues from there with the same bits as if it had been processed whole.
///
/// Texts are a tree of blocks of 128 tokens with their compressed entries; sequences and the cache share
/// these. Windows and raw compressor rows are kept as snapshots, at the lengths at which [#keep] is called. A
/// text continues from the longest snapshot of its start, or from the known entries alone by processing the
/// last tokens again ([ai.hadal.model.Replay]), whichever leaves fewer tokens to process.
///
/// Memory has a budget in bytes that holds whenever a call returns. It counts entries, snapshots, tokens (4
/// bytes each), 512 for each block and 256 for each snapshot; what a sequence shares is counted whole. What
/// goes first: the snapshots and last blocks that save the fewest tokens per byte, of equal ones those used
/// longest ago. Nothing in use breaks, since sequences are values.
///
/// A slower tier may stand behind memory, see [BlockStore]; what it has and memory lacks is read and comes
/// back to memory. Safe for use by any number of threads.
public final class PrefixCache {

    private final Model model;
    private final long budget;
    private final @Nullable BlockStore store;
    private final byte[] firstKey;
    private final SnapshotInterval interval;

    private final Object lock = new Object();
    private final BlockTree tree;
    private Hits memoryHits = Hits.NONE;
    private Hits storeHits = Hits.NONE;
    private long misses;
    private long evictedBlocks;
    private long evictedSnapshots;

    /// @param budget bytes of memory
    /// @param store the tier behind memory; null for none
    public PrefixCache(Model model, long budget, @Nullable BlockStore store) {
        if (budget < 0) {
            throw new IllegalArgumentException("a prefix cache of " + budget + " bytes");
        }
        this.model = model;
        this.budget = budget;
        this.store = store;
        this.firstKey = StoreKeys.first(model.fingerprint());
        this.interval = SnapshotInterval.of(model.config(), model.numerics());
        this.tree = new BlockTree(model.config(), firstKey, budget);
    }

    /// Where a text continues. At least its last token is left to process.
    public Hit find(int[] ids) {
        int usable = Math.max(0, ids.length - 1);
        Path path;
        synchronized (lock) {
            path = tree.find(ids, usable);
        }
        var start = path.start(model.config());
        if (store != null) {
            start = new StoreSearch(store, model, ids, usable, firstKey, path).longer(start);
        }
        // Outside the lock: rows are decoded.
        var hit = start.hit(model);
        List<Kept> dropped;
        synchronized (lock) {
            count(hit);
            dropped = start.tokens() == 0 ? List.of() : keep(ids, start.wholeBlocks(), start.snapshot());
        }
        offer(dropped);
        return hit;
    }

    private void count(Hit hit) {
        switch (hit.tier()) {
            case NONE -> misses++;
            case MEMORY -> memoryHits = memoryHits.plus(hit);
            case STORE -> storeHits = storeHits.plus(hit);
        }
    }

    private List<Kept> keep(int[] ids, List<EntryBlock> blocks, @Nullable WindowSnapshot snapshot) {
        var dropped = tree.keep(ids, blocks, snapshot);
        for (var kept : dropped) {
            switch (kept) {
                case Node _ -> evictedBlocks++;
                case Mark _ -> evictedSnapshots++;
            }
        }
        return dropped;
    }

    /// Remembers a text: its whole blocks, and a snapshot at its end unless the sequence still replays. The
    /// sequence stays the caller's, who must not change it meanwhile.
    ///
    /// @param ids the tokens of the sequence
    public void keep(int[] ids, SequenceState state) {
        if (state.model() != model) {
            throw new IllegalArgumentException("a sequence of another model");
        }
        if (state.length() != ids.length) {
            throw new IllegalArgumentException(ids.length + " tokens of a sequence that has " + state.length());
        }
        Path path;
        synchronized (lock) {
            path = tree.find(ids, ids.length);
        }
        int whole = ids.length / EntryBlock.TOKENS;
        var blocks = path.blocks();
        while (blocks.size() < whole) {
            blocks.add(state.block(blocks.size()));
        }
        var known = path.mark() != null && path.mark().length() == ids.length ? path.mark().snapshot : null;
        var snapshot = known != null || state.replaying() || ids.length == 0 ? known : state.snapshot();
        List<Kept> dropped;
        synchronized (lock) {
            dropped = keep(ids, blocks, snapshot);
        }
        offer(ids, blocks, path, known == null ? snapshot : null);
        offer(dropped);
    }

    /// Offers the store what memory did not have.
    private void offer(int[] ids, List<EntryBlock> blocks, Path path, @Nullable WindowSnapshot snapshot) {
        if (store == null) {
            return;
        }
        int known = path.nodes().size();
        byte[] key = known == 0 ? firstKey : path.nodes().getLast().key;
        for (int b = known; b < blocks.size(); b++) {
            int from = b * EntryBlock.TOKENS;
            int[] own = Arrays.copyOfRange(ids, from, from + EntryBlock.TOKENS);
            var block = blocks.get(b);
            key = StoreKeys.block(key, ids, from);
            store.offer(key, block.bytes(), () -> StoredValues.of(own, block));
        }
        if (snapshot != null) {
            int from = blocks.size() * EntryBlock.TOKENS;
            int[] behind = Arrays.copyOfRange(ids, from, ids.length);
            store.offer(
                    StoreKeys.snapshot(key, ids.length, ids, from, behind.length),
                    snapshot.bytes(),
                    () -> StoredValues.of(behind, snapshot));
        }
    }

    private void offer(List<Kept> dropped) {
        if (store == null) {
            return;
        }
        for (var kept : dropped) {
            switch (kept) {
                case Node node -> store.offer(node.key, node.bytes(), () -> StoredValues.of(node.ids, node.block()));
                case Mark mark ->
                    store.offer(
                            StoreKeys.snapshot(mark.node.key, mark.length(), mark.ids, 0, mark.ids.length),
                            mark.bytes(),
                            () -> StoredValues.of(mark.ids, mark.snapshot));
            }
        }
    }

    /// Where a piece of a prompt that begins at `position` ends at the latest, so that [#keep] can be called
    /// there: at the next of the wanted lengths (ends of messages), after every so many blocks (see
    /// [#interval]), or at the end.
    ///
    /// @param wanted lengths, in any order
    /// @param end length of the prompt, more than `position`
    public int nextBoundary(int position, int[] wanted, int end) {
        return interval.next(position, wanted, end);
    }

    /// Tokens between the snapshots of a long text, a multiple of 128, chosen by cost; 0 if only ends of
    /// messages are worth one.
    ///
    /// A block takes E bytes, a snapshot S, and a replay processes R tokens again. The interval is `128 k`
    /// tokens with the smallest k for which snapshots take no more room than blocks, `S / E` rounded up, as
    /// long as that is less than R: 1 is the report's full caching, more its periodic, none its zero caching.
    public int interval() {
        return interval.tokens();
    }

    /// What the cache holds and did so far.
    public PrefixStats stats() {
        synchronized (lock) {
            return new PrefixStats(
                    tree.bytes(),
                    budget,
                    tree.blocks(),
                    tree.snapshots(),
                    memoryHits,
                    storeHits,
                    misses,
                    evictedBlocks,
                    evictedSnapshots);
        }
    }
}
