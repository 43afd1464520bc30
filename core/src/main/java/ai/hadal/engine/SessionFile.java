package ai.hadal.engine;

import ai.hadal.error.HadalException;
import ai.hadal.model.SequenceCodec;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/// A session as a file: magic, version, token ids, the model's state, and a CRC-32C of all before it.
final class SessionFile {

    private static final long MAGIC = 0x484144414C534551L; // HADALSEQ
    private static final int VERSION = 1;

    private SessionFile() {}

    static void save(Session session, Path file) {
        try {
            var folder = file.toAbsolutePath().getParent();
            var part = Files.createTempFile(folder, "." + file.getFileName(), ".part");
            try {
                write(session, part);
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new HadalException(
                    "cannot save the session to " + file + ": " + e.getMessage() + "; choose another place", e);
        }
    }

    private static void write(Session session, Path file) throws IOException {
        var crc = new CRC32C();
        try (var checked =
                        new CheckedOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), crc);
                var out = new DataOutputStream(checked)) {
            out.writeLong(MAGIC);
            out.writeInt(VERSION);
            int[] ids = session.ids();
            out.writeInt(ids.length);
            for (int id : ids) {
                out.writeInt(id);
            }
            SequenceCodec.write(session.state(), out);
            out.writeLong(crc.getValue());
        }
    }

    static Session restore(Engine engine, Path file) {
        try {
            checkSum(file);
            try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
                return read(engine, in);
            }
        } catch (NoSuchFileException e) {
            throw new HadalException("there is no session file " + file + "; check the name", e);
        } catch (EOFException e) {
            throw new HadalException(file + " is not a whole Hadal session; save it again", e);
        } catch (HadalException e) {
            throw new HadalException("cannot restore " + file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new HadalException("cannot read the session file " + file + ": " + e.getMessage(), e);
        }
    }

    private static void checkSum(Path file) throws IOException {
        long body = Files.size(file) - Long.BYTES;
        if (body < Long.BYTES) {
            throw new EOFException();
        }
        var crc = new CRC32C();
        try (var in = new DataInputStream(
                new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), crc))) {
            in.skipNBytes(body);
            long sum = crc.getValue();
            if (in.readLong() != sum) {
                throw new HadalException("its checksum does not match; the file is damaged, save it again");
            }
        }
    }

    private static Session read(Engine engine, DataInputStream in) throws IOException {
        if (in.readLong() != MAGIC) {
            throw new HadalException("it is not a Hadal session file");
        }
        int version = in.readInt();
        if (version != VERSION) {
            throw new HadalException("its version is " + version + ", this Hadal reads " + VERSION);
        }
        int length = in.readInt();
        if (length < 0 || length > engine.contextLength()) {
            throw new HadalException("it holds " + length + " tokens, but the context only " + engine.contextLength() + "; raise the context length");
        }
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
            ids[i] = in.readInt();
        }
        var state = SequenceCodec.read(engine.model(), in);
        if (state.length() != length) {
            throw new HadalException("its tokens and its state differ; the file is damaged, save it again");
        }
        return new Session(engine, state, ids);
    }
}
