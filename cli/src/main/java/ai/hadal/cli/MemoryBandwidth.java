package ai.hadal.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// How fast threads together can read memory: each sums its share of an off-heap buffer larger than the caches.
/// That is the ceiling of decoding, which reads every active weight once per token.
final class MemoryBandwidth {

    /// Larger than the last-level cache of common machines, several times over.
    private static final long BYTES = 1L << 30;

    private static final int REPETITIONS = 5;

    /// Bytes that one call of the kernel sums: small enough for an int loop, which the compiler unrolls best.
    private static final int BLOCK = 1 << 20;

    private MemoryBandwidth() {}

    /// Reads the buffer several times.
    ///
    /// @param memoryBytes physical memory; the buffer takes an eighth of it at most
    /// @return bytes a second of each repetition
    static Sample measure(int threads, long memoryBytes) {
        long share = Math.min(BYTES, memoryBytes / 8) / threads / BLOCK * BLOCK;
        long each = Math.max(share, BLOCK);
        try (var arena = Arena.ofShared();
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<MemorySegment> parts = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                parts.add(arena.allocate(each, 64));
            }
            // Each thread writes its own part first: pages exist, and near its processor.
            long total = 0;
            total += run(pool, parts, MemoryBandwidth::touch);
            total += run(pool, parts, MemoryBandwidth::sum);
            double[] rates = new double[REPETITIONS];
            for (int r = 0; r < REPETITIONS; r++) {
                long start = System.nanoTime();
                total += run(pool, parts, MemoryBandwidth::sum);
                rates[r] = (double) each * threads / ((System.nanoTime() - start) / 1e9);
            }
            // The sum is used, so no compiler may leave the reads out.
            if (total == Long.MIN_VALUE) {
                throw new AssertionError("sums of small positive numbers");
            }
            return Sample.of(rates);
        }
    }

    private interface Reader {
        long read(MemorySegment part);
    }

    private static long run(ExecutorService pool, List<MemorySegment> parts, Reader reader) {
        List<Future<Long>> sums = new ArrayList<>();
        for (var part : parts) {
            sums.add(pool.submit(() -> reader.read(part)));
        }
        long total = 0;
        for (var sum : sums) {
            try {
                total += sum.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while measuring memory", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("measuring memory failed", e);
            }
        }
        return total;
    }

    private static long touch(MemorySegment part) {
        part.fill((byte) 1);
        return 0;
    }

    private static long sum(MemorySegment part) {
        long sum = 0;
        for (long at = 0; at < part.byteSize(); at += BLOCK) {
            sum += sumBlock(part.asSlice(at, BLOCK));
        }
        return sum;
    }

    /// Four accumulators, so that no addition waits for the one before it.
    private static long sumBlock(MemorySegment block) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        for (int i = 0; i < BLOCK; i += 4 * Long.BYTES) {
            a += block.get(ValueLayout.JAVA_LONG, i);
            b += block.get(ValueLayout.JAVA_LONG, i + 8L);
            c += block.get(ValueLayout.JAVA_LONG, i + 16L);
            d += block.get(ValueLayout.JAVA_LONG, i + 24L);
        }
        return a + b + c + d;
    }
}
