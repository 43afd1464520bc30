package ai.hadal.server.reply;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the model said in earlier turns, for clients that do not send all of it back: its reasoning, and
/// its calls as they were sampled. Turns that were not asked for longest are forgotten first. Used by any thread.
final class TurnMemory {

    private final long mostBytes;
    private final Map<String, RememberedTurn> turns = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /// @param mostBytes heap that it may take; 0 to remember nothing
    TurnMemory(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /// Remembers the turn that ended a conversation.
    ///
    /// @param key of the conversation with that turn
    synchronized void remember(String key, RememberedTurn turn) {
        if (turn.bytes() > mostBytes) {
            return;
        }
        var before = turns.put(key, turn);
        bytes += turn.bytes() - (before == null ? 0 : before.bytes());
        var eldest = turns.entrySet().iterator();
        while (bytes > mostBytes) {
            bytes -= eldest.next().getValue().bytes();
            eldest.remove();
        }
    }

    /// The turn that ended a conversation; null if it is not known (any more).
    synchronized @Nullable RememberedTurn recall(String key) {
        return turns.get(key);
    }

    synchronized long bytes() {
        return bytes;
    }
}
