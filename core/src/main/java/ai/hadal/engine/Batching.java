package ai.hadal.engine;

import ai.hadal.engine.Session.Extension;
import ai.hadal.model.Chunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// One step for many texts: all that grow, by a token each, and as much of prompts as may hold those up. Touched by the
/// scheduler's thread only.
final class Batching {

    /// Prompt tokens that a step takes at least, or reading would never end.
    private static final int LEAST_PREFILL = 16;

    /// Weight of the newest measurement in the average.
    private static final double NEWEST = 0.2;

    private final Engine engine;
    private final Duration stall;

    /// Nanoseconds to read a prompt token, a moving average; 0 before the first.
    private double tokenNanos;

    Batching(Engine engine, Duration stall) {
        this.engine = engine;
        this.stall = stall;
    }

    /// A text's part in a step.
    private record Part(Strand strand, Extension extension) {}

    /// What a step did.
    ///
    /// @param parts those that went well, with their logits
    /// @param failures strands of requests that cannot go on
    record Outcome(List<Read> parts, List<Failure> failures, int prefillTokens) {}

    /// @param logits the wanted rows
    record Read(Strand strand, float[][] logits, int tokens) {}

    record Failure(Strand strand, Throwable cause) {}

    /// Makes one step.
    ///
    /// @param growing texts that continue
    /// @param reading prompts to read, in the order in which they should be
    /// @param boundaries where reading should pause
    Outcome step(List<Strand> growing, List<Strand> reading, Boundaries boundaries) {
        var parts = new ArrayList<Part>();
        var failures = new ArrayList<Failure>();
        boolean alone = growing.size() == 1 && reading.isEmpty();
        for (var strand : growing) {
            plan(strand, () -> strand.grow(alone), parts, failures);
        }
        int most = engine.options().prefillChunk();
        int left = growing.isEmpty() ? most : Math.clamp(affordable(), Math.min(LEAST_PREFILL, most), most);
        int prefillTokens = 0;
        for (var strand : reading) {
            if (left == 0) {
                break;
            }
            int from = Math.toIntExact(strand.session().length());
            int end = boundaries.next(strand, from, from + left);
            if (plan(strand, () -> strand.read(end), parts, failures)) {
                left -= end - from;
                prefillTokens += end - from;
            }
        }
        if (parts.isEmpty()) {
            return new Outcome(List.of(), failures, 0);
        }
        long start = System.nanoTime();
        var read = run(parts, failures);
        if (prefillTokens >= LEAST_PREFILL) {
            double nanos = (double) (System.nanoTime() - start) / prefillTokens;
            tokenNanos = tokenNanos == 0 ? nanos : tokenNanos + NEWEST * (nanos - tokenNanos);
        }
        return new Outcome(read, failures, prefillTokens);
    }

    /// Where reading of a prompt should pause.
    interface Boundaries {

        /// @return the end of the next piece: above `from`, at most `most` and the prompt's end
        int next(Strand strand, int from, int most);
    }

    private int affordable() {
        return tokenNanos == 0 ? LEAST_PREFILL : (int) Math.min(stall.toNanos() / tokenNanos, Integer.MAX_VALUE);
    }

    /// Plans a part; what is wrong with it concerns it alone.
    private static boolean plan(
            Strand strand, Supplier<Extension> extension, List<Part> parts, List<Failure> failures) {
        try {
            parts.add(new Part(strand, extension.get()));
            return true;
        } catch (RuntimeException e) {
            failures.add(new Failure(strand, e));
            return false;
        }
    }

    private List<Read> run(List<Part> parts, List<Failure> failures) {
        List<Chunk> chunks =
                parts.stream().map(part -> part.extension().chunk()).toList();
        try {
            return engine.step(chunks, (step, start) -> {
                var read = new ArrayList<Read>(parts.size());
                int logitsRow = 0;
                int tokenRow = 0;
                for (int p = 0; p < parts.size(); p++) {
                    var chunk = chunks.get(p);
                    var logits = parts.get(p).extension().done(step, logitsRow, tokenRow, start);
                    read.add(new Read(parts.get(p).strand(), logits, chunk.ids().length));
                    logitsRow += chunk.logitsRows();
                    tokenRow += chunk.ids().length;
                }
                return read;
            });
        } catch (RuntimeException | OutOfMemoryError e) {
            // A step that failed half way leaves every sequence in it of no use.
            for (var part : parts) {
                part.extension().failed();
                failures.add(new Failure(part.strand(), e));
            }
            return List.of();
        }
    }
}
