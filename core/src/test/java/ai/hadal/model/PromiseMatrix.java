package ai.hadal.model;

import ai.hadal.model.Chunk.Logits;
import ai.hadal.model.Combination.History;
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

/// Promise 1 as a program: the hash of all logits of one prompt for combinations of thread count, chunk size and
/// history of the sequence. Its own program because the vector width is fixed when a JVM starts.
final class PromiseMatrix {

    static final int PROMPT = 300;
    private static final int HALF = 170;

    private PromiseMatrix() {}

    /// Prints a line `hash description` for each combination of `checkpoint profile backend combinations...`.
    public static void main(String[] args) throws IOException {
        var profile = args[1].equals(Numerics.INT8.name()) ? Numerics.INT8 : Numerics.F32;
        var combinations = Arrays.stream(args).skip(3).map(Combination::parse).toList();
        for (String line : lines(args[0], profile, args[2], combinations)) {
            System.out.println(line);
        }
    }

    /// @param combinations a model is opened wherever the number of threads changes
    static List<String> lines(String checkpoint, Numerics profile, String backend, List<Combination> combinations)
            throws IOException {
        var lines = new ArrayList<String>();
        int from = 0;
        while (from < combinations.size()) {
            int threads = combinations.get(from).threads();
            try (var golden =
                    GoldenModel.open(checkpoint, backend, threads, profile).orElseThrow()) {
                for (; from < combinations.size() && combinations.get(from).threads() == threads; from++) {
                    var combination = combinations.get(from);
                    lines.add(hash(golden, combination.chunk(), combination.history()) + " "
                            + golden.model.backend().description(profile.inputRounding()) + ", chunks of "
                            + combination.chunk() + ", " + combination.history());
                }
            }
        }
        return lines;
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
