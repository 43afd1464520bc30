package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A text, a model and the sequences that tests take apart.
record Parts(GoldenModel golden, int[] ids) {

    SequenceState cold(int length) {
        var sequence = golden.model.newSequence();
        if (length > 0) {
            golden.logits(sequence, Arrays.copyOf(ids, length));
        }
        return sequence;
    }

    /// Appends the text's tokens from where the sequence stands, in chunks.
    List<float[]> feed(SequenceState sequence, int end, int chunk) {
        var rows = new ArrayList<float[]>();
        while (sequence.length() < end) {
            int from = (int) sequence.length();
            rows.addAll(List.of(golden.logits(sequence, Arrays.copyOfRange(ids, from, Math.min(end, from + chunk)))));
        }
        return rows;
    }

    /// The first blocks of a sequence.
    static List<EntryBlock> blocks(SequenceState sequence, int count) {
        var blocks = new ArrayList<EntryBlock>();
        for (int b = 0; b < count; b++) {
            blocks.add(sequence.block(b));
        }
        return blocks;
    }

    static SequenceState restored(SequenceState sequence) {
        return sequence.model()
                .restore(blocks(sequence, (int) (sequence.length() / EntryBlock.TOKENS)), sequence.snapshot());
    }

    /// What a writer writes.
    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    static byte[] bytes(Writer writer) {
        var bytes = new ByteArrayOutputStream();
        try {
            writer.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static DataInputStream input(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    static byte[] saved(SequenceState sequence) {
        return bytes(out -> SequenceCodec.write(sequence, out));
    }

    /// Both give the same logits and come to hold the same values.
    void assertContinuesAlike(SequenceState actual, SequenceState expected, int tokens) {
        assertThat(actual.length()).isEqualTo(expected.length());
        int end = (int) expected.length() + tokens;
        var rows = feed(actual, end, 13);
        assertThat(rows.toArray(new float[0][]))
                .isDeepEqualTo(feed(expected, end, tokens).toArray(new float[0][]));
        if (tokens > golden.model.config().slidingWindow()) {
            assertThat(saved(actual)).isEqualTo(saved(expected));
        }
    }
}
