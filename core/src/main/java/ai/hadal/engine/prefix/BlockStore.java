package ai.hadal.engine.prefix;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A slower and larger tier behind a [PrefixCache]: values by keys of 32 bytes. A key names the model, the
/// profile and all tokens that its value depends on, so a value never changes, and stores may be shared by
/// all who have the same checkpoint.
///
/// Values carry a checksum and the tokens that they belong to, and are believed only if both fit: a store
/// that loses or damages some costs time, nothing else. Called by any thread; never throws.
public interface BlockStore {

    /// Whether there is a value, as far as can be told without reading it.
    boolean contains(byte[] key);

    /// The value of a key; null if there is none.
    byte @Nullable [] get(byte[] key);

    /// Offers a value: when the cache first keeps it, and again when memory drops it. The store may ignore
    /// it, which is what it does with values that it has.
    ///
    /// @param heapBytes what `value` holds on the heap, which may be counted nowhere else any more
    /// @param value gives the bytes; may be called later and by another thread
    void offer(byte[] key, long heapBytes, Supplier<byte[]> value);
}
