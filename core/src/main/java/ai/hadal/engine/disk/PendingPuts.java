package ai.hadal.engine.disk;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Values on their way to the disk, first in, first out, within a bound of bytes. Nobody who waits here can
/// be interrupted, so that an end is always an orderly one.
final class PendingPuts {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /// The first one stays here while it is written.
    private final LinkedHashMap<StoreKey, byte[]> waiting = new LinkedHashMap<>();

    private final long bound;
    private long bytes;
    private long accepted;
    private long settled;
    private boolean closed;
    private boolean ended;
    private int lost;

    /// @param bound bytes of values that may wait; one larger value may wait alone
    PendingPuts(long bound) {
        this.bound = bound;
    }

    /// Takes a value, which must not change from now on; false where there is no room, or no writer any more.
    boolean offer(StoreKey key, byte[] value) {
        lock.lock();
        try {
            if (closed || ended) {
                return false;
            }
            if (waiting.containsKey(key)) {
                return true;
            }
            if (bytes > 0 && bytes + value.length > bound) {
                return false;
            }
            waiting.put(key, value);
            bytes += value.length;
            accepted++;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    byte @Nullable [] get(StoreKey key) {
        lock.lock();
        try {
            return waiting.get(key);
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a value to write; null when the last one was written and no more will come.
    Map.@Nullable Entry<StoreKey, byte[]> next() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            return waiting.firstEntry();
        } finally {
            lock.unlock();
        }
    }

    /// Tells that the first value can be read from the disk, or never will.
    void settled() {
        lock.lock();
        try {
            var first = waiting.pollFirstEntry();
            bytes -= first.getValue().length;
            settled++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until everything taken so far is settled, or the writer has ended.
    void flush() {
        lock.lock();
        try {
            long until = accepted;
            while (settled < until && !ended) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Takes nothing more, and waits for the writer to end.
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            while (!ended) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Tells that nothing will be written any more; what still waits is lost.
    void end() {
        lock.lock();
        try {
            lost = waiting.size();
            ended = true;
            waiting.clear();
            bytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Values that were taken and never written.
    int lost() {
        lock.lock();
        try {
            return lost;
        } finally {
            lock.unlock();
        }
    }
}
