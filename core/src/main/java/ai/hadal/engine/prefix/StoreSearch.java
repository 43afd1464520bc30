package ai.hadal.engine.prefix;

import ai.hadal.model.EntryBlock;
import ai.hadal.model.Model;
import ai.hadal.model.Replay;
import ai.hadal.model.WindowSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks in a store for a longer start of a text than memory has. Keys tell what there is; values are read
/// only where they save tokens.
final class StoreSearch {

    private static final int TOKENS = EntryBlock.TOKENS;

    private final BlockStore store;
    private final Model model;
    private final int[] ids;
    private final int usable;

    /// Keys from the root on: behind none of the blocks, behind the first, and so on.
    private final List<byte[]> keys = new ArrayList<>();

    /// Blocks read so far, those in memory first.
    private final List<EntryBlock> blocks;

    /// @param usable tokens of the text that a start may cover
    /// @param first the key of the root
    /// @param path what memory knows of the text
    StoreSearch(BlockStore store, Model model, int[] ids, int usable, byte[] first, Path path) {
        this.store = store;
        this.model = model;
        this.ids = ids;
        this.usable = usable;
        keys.add(first);
        path.nodes().forEach(node -> keys.add(node.key));
        blocks = path.blocks();
    }

    /// The start that leaves the fewest tokens, that of memory if the store has no better one.
    Start longer(Start memory) {
        int depth = deepest();
        while (true) {
            int replay = Math.toIntExact(Replay.start(model.config(), (long) depth * TOKENS));
            var snapshot = snapshot(depth, Math.max(replay, memory.tokens() + 1));
            if (snapshot == null && replay <= memory.tokens()) {
                return memory;
            }
            int needed = snapshot == null ? depth : (int) (snapshot.length() / TOKENS);
            int read = read(needed);
            if (read == needed) {
                var whole = List.copyOf(blocks.subList(0, needed));
                return snapshot == null
                        ? new Start(whole, null, depth * TOKENS, replay, true)
                        : new Start(whole, snapshot, (int) snapshot.length(), (int) snapshot.length(), true);
            }
            depth = read;
        }
    }

    /// Blocks in a row that memory or the store has.
    private int deepest() {
        int depth = blocks.size();
        while ((depth + 1) * TOKENS <= usable) {
            byte[] key = StoreKeys.block(keys.get(depth), ids, depth * TOKENS);
            if (!store.contains(key)) {
                break;
            }
            keys.add(key);
            depth++;
        }
        return depth;
    }

    /// The longest snapshot that follows at most `depth` blocks, at `atLeast` tokens or more.
    private @Nullable WindowSnapshot snapshot(int depth, int atLeast) {
        for (int length = Math.min(usable, depth * TOKENS + TOKENS - 1); length >= atLeast; length--) {
            int from = length / TOKENS * TOKENS;
            byte[] key = StoreKeys.snapshot(keys.get(length / TOKENS), length, ids, from, length - from);
            if (store.contains(key)) {
                int[] behind = Arrays.copyOfRange(ids, from, length);
                var snapshot = StoredValues.snapshot(store.get(key), model, length, behind);
                if (snapshot != null) {
                    return snapshot;
                }
            }
        }
        return null;
    }

    /// Reads blocks until there are `needed`; returns how many there are.
    private int read(int needed) {
        while (blocks.size() < needed) {
            int depth = blocks.size();
            int[] own = Arrays.copyOfRange(ids, depth * TOKENS, (depth + 1) * TOKENS);
            var block = StoredValues.block(store.get(keys.get(depth + 1)), model, own);
            if (block == null) {
                return depth;
            }
            blocks.add(block);
        }
        return needed;
    }
}
