package ai.hadal.engine.prefix;

import ai.hadal.model.EntryBlock;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.Replay;
import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The order in which a tree is pruned: snapshots, and blocks that nothing follows.
///
/// Each is worth the tokens that the text up to its end would have to process again without it, per byte:
/// little for a snapshot shortly after another one, nothing for a block that no replay can use. The least
/// worth goes first, of equal ones that used longest ago. Worth ages: what is used gets its worth on top of a
/// clock, and the clock moves to the place of whatever is dropped, so that what is never used again falls
/// behind (GreedyDual-Size, Cao and Irani 1997).
final class Eviction {

    private final ModelConfig config;
    private final TreeSet<Kept> queue =
            new TreeSet<>(Comparator.<Kept>comparingDouble(k -> k.priority).thenComparingLong(k -> k.use));
    private double clock;
    private long uses = 1;

    Eviction(ModelConfig config) {
        this.config = config;
    }

    /// Notes that something is used.
    void used(Kept kept) {
        queue.remove(kept);
        kept.clock = clock;
        kept.use = uses++;
    }

    /// Puts it in its place if it can be dropped, or takes it out.
    void place(Kept kept) {
        queue.remove(kept);
        if (!(kept instanceof Node node) || isLeaf(node)) {
            kept.priority = kept.clock + worth(kept);
            queue.add(kept);
        }
    }

    private static boolean isLeaf(Node node) {
        return node.parent != null && node.children.isEmpty() && node.marks.isEmpty();
    }

    /// Takes out what is to be dropped next.
    Kept next() {
        while (true) {
            var least = queue.removeFirst();
            // What lay before it may be gone since it was placed, and then it is worth more.
            double priority = least.clock + worth(least);
            if (priority <= least.priority) {
                clock = Math.max(clock, priority);
                return least;
            }
            least.priority = priority;
            queue.add(least);
        }
    }

    private double worth(Kept kept) {
        return (double) loss(kept) / kept.bytes();
    }

    /// Tokens to process again without it.
    private long loss(Kept kept) {
        return switch (kept) {
            case Mark mark -> mark.length() - best(mark.node, mark.ids, mark.ids.length - 1, replay(mark));
            case Node node -> {
                var parent = parent(node);
                long without = best(parent, node.ids, EntryBlock.TOKENS - 1, Replay.start(config, parent.end()));
                yield Math.max(0, Replay.start(config, node.end()) - without);
            }
        };
    }

    /// Where a replay up to a snapshot's length begins: entries behind its block are known if another block
    /// begins with the snapshot's tokens.
    private long replay(Mark mark) {
        long least = Replay.start(config, mark.node.end());
        long most = Replay.start(config, mark.length());
        boolean continued =
                least < most && mark.node.children.values().stream().anyMatch(child -> mark.begins(child.ids, 0));
        return continued ? most : least;
    }

    /// The longest start on the way to `ids` behind a node: a snapshot with at most `most` of them, or the
    /// replay.
    private static long best(Node node, int[] ids, int most, long replay) {
        Node at = node;
        int[] behind = ids;
        int limit = most;
        while (at.end() + limit > replay) {
            @Nullable Mark mark = at.mark(behind, 0, limit);
            if (mark != null) {
                return Math.max(mark.length(), replay);
            }
            if (at.parent == null) {
                break;
            }
            behind = at.ids;
            limit = EntryBlock.TOKENS - 1;
            at = at.parent;
        }
        return replay;
    }

    private static Node parent(Node node) {
        if (node.parent == null) {
            throw new IllegalArgumentException("the root is not dropped");
        }
        return node.parent;
    }
}
