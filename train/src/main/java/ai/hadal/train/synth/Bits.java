package ai.hadal.train.synth;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// Random bits, the same on every machine for the same seed and name (SplitMix64).
final class Bits {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    /// @param part of what is named, each with its own bits
    Bits(long seed, String name, long part) {
        var crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        state = mix(mix(seed * GOLDEN + crc.getValue()) + part * GOLDEN);
    }

    long next() {
        state += GOLDEN;
        return mix(state);
    }

    /// A number from 0 to `bound`, exclusive.
    int below(int bound) {
        return (int) Math.unsignedMultiplyHigh(next(), bound);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
