package ai.hadal.engine.prefix;

import ai.hadal.model.EntryBlock;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.WindowSnapshot;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Texts as a tree of blocks, with a budget of bytes. Used by one thread at a time.
final class BlockTree {

    private final Node root;
    private final Eviction eviction;
    private final long budget;
    private long bytes;
    private int blocks;
    private int snapshots;

    /// @param key the key of the root
    BlockTree(ModelConfig config, byte[] key, long budget) {
        this.root = new Node(null, new int[0], key, null);
        this.eviction = new Eviction(config);
        this.budget = budget;
    }

    long bytes() {
        return bytes;
    }

    int blocks() {
        return blocks;
    }

    int snapshots() {
        return snapshots;
    }

    /// What is known of the first `usable` tokens.
    Path find(int[] ids, int usable) {
        var nodes = new ArrayList<Node>();
        Node node = root;
        while (node.end() + EntryBlock.TOKENS <= usable) {
            var child = node.child(ids);
            if (child == null) {
                break;
            }
            nodes.add(child);
            node = child;
        }
        Node next = null;
        int common = 0;
        for (var child : node.children.values()) {
            int n = child.common(ids, node.end(), usable);
            if (n > common) {
                next = child;
                common = n;
            }
        }
        return new Path(nodes, mark(node, ids, usable), next, common);
    }

    private static @Nullable Mark mark(Node last, int[] ids, int usable) {
        for (Node node = last; node != null; node = node.parent) {
            var mark = node.mark(ids, node.end(), usable - node.end());
            if (mark != null) {
                return mark;
            }
        }
        return null;
    }

    /// Adds what is missing of a text's first blocks and a snapshot behind the last of them, and notes the
    /// use of all; then drops what is worth least until the budget holds. What alone is larger than the
    /// budget is left out.
    ///
    /// @return what was dropped
    List<Kept> keep(int[] ids, List<EntryBlock> blocks, @Nullable WindowSnapshot snapshot) {
        Node node = root;
        for (var block : blocks) {
            var child = node.child(ids);
            if (child == null) {
                child = added(node, ids, block);
                if (child == null) {
                    break;
                }
            }
            eviction.used(child);
            node = child;
        }
        if (snapshot != null && node.depth == blocks.size()) {
            keep(node, Arrays.copyOfRange(ids, node.end(), (int) snapshot.length()), snapshot);
        }
        eviction.place(node);
        return prune();
    }

    private @Nullable Node added(Node parent, int[] ids, EntryBlock block) {
        int from = parent.end();
        int[] own = Arrays.copyOfRange(ids, from, from + EntryBlock.TOKENS);
        var node = new Node(parent, own, StoreKeys.block(parent.key, ids, from), block);
        if (node.bytes() > budget) {
            return null;
        }
        parent.children.put(IntBuffer.wrap(own), node);
        eviction.place(parent);
        bytes += node.bytes();
        blocks++;
        return node;
    }

    private void keep(Node node, int[] behind, WindowSnapshot snapshot) {
        var mark = node.mark(behind, 0, behind.length);
        if (mark == null || mark.ids.length < behind.length) {
            mark = new Mark(node, behind, snapshot);
            if (mark.bytes() > budget) {
                return;
            }
            node.marks.add(mark);
            bytes += mark.bytes();
            snapshots++;
        }
        eviction.used(mark);
        eviction.place(mark);
    }

    private List<Kept> prune() {
        var dropped = new ArrayList<Kept>();
        while (bytes > budget) {
            var least = eviction.next();
            drop(least);
            dropped.add(least);
        }
        return dropped;
    }

    private void drop(Kept kept) {
        bytes -= kept.bytes();
        switch (kept) {
            case Mark mark -> {
                snapshots--;
                mark.node.marks.remove(mark);
                eviction.place(mark.node);
            }
            case Node node -> {
                blocks--;
                var parent = node.parent;
                if (parent != null) {
                    parent.children.remove(IntBuffer.wrap(node.ids));
                    eviction.place(parent);
                }
            }
        }
    }
}
