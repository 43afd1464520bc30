package ai.hadal.engine.prefix;

import ai.hadal.error.HadalException;
import ai.hadal.model.EntryBlock;
import ai.hadal.model.Model;
import ai.hadal.model.WindowSnapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Blocks and snapshots as values of a [BlockStore]: the kind, the tokens, what the model writes, and a
/// CRC-32C of all before it. What is read is null unless all of it fits.
final class StoredValues {

    private static final int BLOCK = 0x48504231; // HPB1
    private static final int SNAPSHOT = 0x48505331; // HPS1

    private StoredValues() {}

    private interface Writer {
        void write(DataOutput out) throws IOException;
    }

    private interface Reader<T> {
        T read(Model model, DataInput in) throws IOException;
    }

    static byte[] of(int[] ids, EntryBlock block) {
        return value(BLOCK, ids, block.bytes(), block::write);
    }

    static byte[] of(int[] ids, WindowSnapshot snapshot) {
        return value(SNAPSHOT, ids, snapshot.bytes(), snapshot::write);
    }

    private static byte[] value(int kind, int[] ids, long size, Writer writer) {
        try {
            var bytes = new ByteArrayOutputStream(
                    Math.toIntExact(size + (long) Integer.BYTES * (ids.length + 2) + Long.BYTES));
            var out = new DataOutputStream(bytes);
            out.writeInt(kind);
            out.writeInt(ids.length);
            for (int id : ids) {
                out.writeInt(id);
            }
            writer.write(out);
            out.writeLong(sum(bytes.toByteArray(), bytes.size()));
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sum(byte[] bytes, int end) {
        var crc = new CRC32C();
        crc.update(bytes, 0, end);
        return crc.getValue();
    }

    /// The block with these tokens.
    static @Nullable EntryBlock block(byte @Nullable [] value, Model model, int[] ids) {
        return read(value, BLOCK, model, ids, EntryBlock::read);
    }

    /// The snapshot at this length with these tokens behind the last block.
    static @Nullable WindowSnapshot snapshot(byte @Nullable [] value, Model model, int length, int[] ids) {
        var snapshot = read(value, SNAPSHOT, model, ids, WindowSnapshot::read);
        return snapshot != null && snapshot.length() == length ? snapshot : null;
    }

    private static <T> @Nullable T read(byte @Nullable [] value, int kind, Model model, int[] ids, Reader<T> reader) {
        int end = value == null ? -1 : value.length - Long.BYTES;
        if (value == null || end < 0 || ByteBuffer.wrap(value, end, Long.BYTES).getLong() != sum(value, end)) {
            return null;
        }
        try {
            var bytes = new ByteArrayInputStream(value, 0, end);
            var in = new DataInputStream(bytes);
            if (in.readInt() != kind || in.readInt() != ids.length) {
                return null;
            }
            int[] own = new int[ids.length];
            for (int i = 0; i < own.length; i++) {
                own[i] = in.readInt();
            }
            if (!Arrays.equals(own, ids)) {
                return null;
            }
            T read = reader.read(model, in);
            return bytes.available() == 0 ? read : null;
        } catch (IOException | HadalException e) {
            return null;
        }
    }
}
