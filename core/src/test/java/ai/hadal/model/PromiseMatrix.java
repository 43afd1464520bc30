package ai.hadal.model;

import ai.hadal.model.Chunk.Logits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Promise 1 as a program: the hash of all logits of one prompt for every thread count, chunk size and history of
/// the sequence. Its own program because the vector width is fixed when a JVM starts.
final class PromiseMatrix {

    private static final int PROMPT = 300;
    private static final int HALF = 170;
    private static final int[] CHUNKS = {PROMPT, 1, 7, 64, 128, 200};

    /// Once a sequence is put together, it goes on as any other, so that fewer sizes will do. Ascending.
    private static final int[] CHUNKS_AFTER_PARTS = {7, 128, PROMPT};

    private PromiseMatrix() {}

    /// How a sequence came to its state after the first tokens.
    private enum History {
        FRESH,
        FORK,
        /// And goes on with wrong drafts, which are taken back.
        ROLLBACK,
        RESTORED,
        /// From blocks of entries and a snapshot.
        JOINED,
        /// From blocks of entries that another text with the same start left, and the last tokens again.
        REPLAYED,
        BATCHED;

        boolean comesFromParts() {
            return this == JOINED || this == REPLAYED;
        }
    }

    /// Combinations of a chunk size and a history.
    static final int COMBINATIONS = 5 * CHUNKS.length + 2 * CHUNKS_AFTER_PARTS.length;

    /// Prints a line `hash description` for each combination of `checkpoint profile backend threads...`.
    public static void main(String[] args) throws IOException {
        var profile = args[1].equals(Numerics.INT8.name()) ? Numerics.INT8 : Numerics.F32;
        for (String line : lines(
                args[0],
                profile,
                args[2],
                Arrays.stream(args).skip(3).mapToInt(Integer::parseInt).toArray())) {
            System.out.println(line);
        }
    }

    static List<String> lines(String checkpoint, Numerics profile, String backend, int[] threads) throws IOException {
        var lines = new ArrayList<String>();
        for (int t : threads) {
            try (var golden = GoldenModel.open(checkpoint, backend, t, profile).orElseThrow()) {
                for (int chunk : CHUNKS) {
                    for (var history : History.values()) {
                        if (history.comesFromParts() && Arrays.binarySearch(CHUNKS_AFTER_PARTS, chunk) < 0) {
                            continue;
                        }
                        lines.add(hash(golden, chunk, history) + " "
                                + golden.model.backend().description(profile.inputRounding()) + ", chunks of " + chunk
                                + ", " + history);
                    }
                }
            }
        }
        return lines;
    }

    /// The line of one combination: the whole prompt in one step.
    static String line(String checkpoint, Numerics profile, String backend) throws IOException {
        try (var golden = GoldenModel.open(checkpoint, backend, 1, profile).orElseThrow()) {
            return hash(golden, PROMPT, History.FRESH) + " "
                    + golden.model.backend().description(profile.inputRounding());
        }
    }

    private static String hash(GoldenModel golden, int chunk, History history) throws IOException {
        int[] ids = golden.prompt("n300");
        var rows = new ArrayList<float[]>();
        if (history == History.BATCHED) {
            batched(golden, ids, chunk, rows);
        } else {
            var sequence = golden.model.newSequence();
            feed(golden, sequence, Arrays.copyOf(ids, HALF), chunk, rows);
            sequence = switch (history) {
                case FORK -> {
                    var fork = sequence.fork();
                    feed(golden, sequence, garbage(golden, 150), chunk, new ArrayList<>());
                    yield fork;
                }
                case ROLLBACK -> {
                    feed(
                            golden,
                            sequence,
                            garbage(golden, golden.model.config().slidingWindow()),
                            chunk,
                            new ArrayList<>());
                    sequence.rollback(HALF);
                    yield sequence;
                }
                case RESTORED -> restored(golden, sequence);
                case JOINED -> Parts.restored(sequence);
                case REPLAYED -> replayed(golden, ids, chunk);
                default -> sequence;
            };
            int[] rest = Arrays.copyOfRange(ids, HALF, PROMPT);
            if (history == History.ROLLBACK) {
                drafted(golden, sequence, rest, chunk, rows);
            } else {
                feed(golden, sequence, rest, chunk, rows);
            }
        }
        return hash(rows);
    }

    private static void feed(GoldenModel golden, SequenceState sequence, int[] ids, int chunk, List<float[]> rows) {
        for (int from = 0; from < ids.length; from += chunk) {
            int[] part = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + chunk));
            rows.addAll(List.of(golden.logits(sequence, part)));
        }
    }

    /// The prompt in a batch with two other sequences that come and go at other paces.
    private static void batched(GoldenModel golden, int[] ids, int chunk, List<float[]> rows) {
        var sequence = golden.model.newSequence();
        var other = golden.model.newSequence();
        var third = golden.model.newSequence();
        int step = 0;
        for (int from = 0; from < ids.length; from += chunk) {
            int[] part = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + chunk));
            var chunks = new ArrayList<Chunk>();
            chunks.add(new Chunk(other, garbage(golden, 1 + step % 5), Logits.LAST));
            chunks.add(new Chunk(sequence, part, Logits.ALL));
            if (step % 3 == 0) {
                chunks.add(new Chunk(third, garbage(golden, 11), Logits.NONE));
            }
            float[][] read = golden.read(golden.model.step(chunks));
            rows.addAll(List.of(read).subList(1, read.length));
            step++;
        }
    }

    /// As [#feed], with wrong drafts behind every piece, which are taken back.
    private static void drafted(GoldenModel golden, SequenceState sequence, int[] ids, int chunk, List<float[]> rows) {
        int step = 0;
        for (int from = 0; from < ids.length; from += chunk) {
            int end = Math.min(ids.length, from + chunk);
            int drafts = 1 + step++ % 4;
            int[] part = Arrays.copyOfRange(ids, from, end + drafts);
            System.arraycopy(garbage(golden, drafts), 0, part, end - from, drafts);
            float[][] read = golden.logits(sequence, part);
            rows.addAll(List.of(read).subList(0, end - from));
            sequence.withdraw(sequence.length() - drafts);
        }
    }

    private static int[] garbage(GoldenModel golden, int n) {
        return new Random(n).ints(n, 0, golden.model.config().vocabSize()).toArray();
    }

    private static SequenceState restored(GoldenModel golden, SequenceState sequence) throws IOException {
        var bytes = new ByteArrayOutputStream();
        SequenceCodec.write(sequence, new DataOutputStream(bytes));
        return SequenceCodec.read(golden.model, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    private static SequenceState replayed(GoldenModel golden, int[] ids, int chunk) {
        var other = golden.model.newSequence();
        feed(golden, other, ids, chunk, new ArrayList<>());
        var sequence = golden.model.replay(Parts.blocks(other, 2), HALF);
        int[] again = Arrays.copyOfRange(ids, (int) sequence.length(), HALF);
        feed(golden, sequence, again, chunk, new ArrayList<>());
        return sequence;
    }

    private static String hash(List<float[]> rows) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (float[] row : rows) {
                var bytes = ByteBuffer.allocate(4 * row.length);
                bytes.asFloatBuffer().put(row);
                digest.update(bytes.array());
            }
            return rows.size() + ":" + HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
