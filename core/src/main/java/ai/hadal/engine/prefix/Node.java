package ai.hadal.engine.prefix;

import ai.hadal.model.EntryBlock;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A block of 128 tokens in the tree, after those of its parents; or the root, which has none. What follows
/// it is guarded by the tree's owner, all else is final.
final class Node extends Kept {

    /// Counted for the objects around tokens and entries.
    static final int OVERHEAD = 512;

    final @Nullable Node parent;

    /// Blocks up to here, this one included.
    final int depth;

    final int[] ids;

    /// Its key in a store.
    final byte[] key;

    final Map<IntBuffer, Node> children = new HashMap<>();

    /// Snapshots after this block and before the end of the next one.
    final List<Mark> marks = new ArrayList<>();

    private final @Nullable EntryBlock block;

    /// @param parent null at the root, which has no block either
    Node(@Nullable Node parent, int[] ids, byte[] key, @Nullable EntryBlock block) {
        this.parent = parent;
        this.depth = parent == null ? 0 : parent.depth + 1;
        this.ids = ids;
        this.key = key;
        this.block = block;
    }

    /// Tokens up to here.
    int end() {
        return depth * EntryBlock.TOKENS;
    }

    EntryBlock block() {
        return Objects.requireNonNull(block);
    }

    /// The child with tokens `ids[end() ..]`.
    @Nullable
    Node child(int[] ids) {
        return children.get(IntBuffer.wrap(ids, end(), EntryBlock.TOKENS));
    }

    /// How many of this block's tokens `ids[from ..]` begins with.
    int common(int[] ids, int from, int end) {
        int n = Math.min(this.ids.length, end - from);
        int i = 0;
        while (i < n && this.ids[i] == ids[from + i]) {
            i++;
        }
        return i;
    }

    /// The longest snapshot here whose tokens `ids[from ..]` begins with.
    ///
    /// @param most tokens that it may have behind the block
    @Nullable
    Mark mark(int[] ids, int from, int most) {
        Mark best = null;
        for (var mark : marks) {
            int n = mark.ids.length;
            if (n <= most && (best == null || n > best.ids.length) && mark.begins(ids, from)) {
                best = mark;
            }
        }
        return best;
    }

    @Override
    long bytes() {
        return OVERHEAD + (long) Integer.BYTES * ids.length + block().bytes();
    }
}
