package ai.hadal.engine.prefix;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store in memory.
final class MemoryStore implements BlockStore {

    final Map<ByteBuffer, byte[]> values = new ConcurrentHashMap<>();
    final AtomicInteger reads = new AtomicInteger();

    @Override
    public boolean contains(byte[] key) {
        return values.containsKey(ByteBuffer.wrap(key));
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        reads.incrementAndGet();
        return values.get(ByteBuffer.wrap(key));
    }

    @Override
    public void offer(byte[] key, long heapBytes, Supplier<byte[]> value) {
        values.computeIfAbsent(ByteBuffer.wrap(key.clone()), _ -> value.get());
    }
}
