package ai.hadal.engine;

import ai.hadal.checkpoint.AtomicFile;
import ai.hadal.error.HadalException;
import ai.hadal.error.IoReason;
import ai.hadal.model.SequenceCodec;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/// A session as a file: magic, version, token ids, the model's state, and a CRC-32C of all before it.
final class SessionFile {

    private static final long MAGIC = 0x484144414C534551L; // HADALSEQ
    private static final int VERSION = 2;

    /// Magic, version and the number of tokens.
    private static final int HEADER_BYTES = Long.BYTES + 2 * Integer.BYTES;

    private SessionFile() {}

    static void save(Session session, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw new HadalException(file + " is a folder; save the session to a file in it");
        }
        try {
            AtomicFile.write(file, out -> write(session, out));
        } catch (NoSuchFileException e) {
            throw new HadalException(
                    "cannot save the session to " + file + ": there is no folder " + folder + "; create it", e);
        } catch (IOException e) {
            throw new HadalException(
                    "cannot save the session to " + file + " (" + IoReason.of(e)
                            + "); check the folder and the free space, or choose another place",
                    e);
        }
    }

    private static void write(Session session, OutputStream file) throws IOException {
        var crc = new CRC32C();
        var out = new DataOutputStream(new CheckedOutputStream(new BufferedOutputStream(file, 1 << 16), crc));
        out.writeLong(MAGIC);
        out.writeInt(VERSION);
        int[] ids = session.ids();
        out.writeInt(ids.length);
        for (int id : ids) {
            out.writeInt(id);
        }
        SequenceCodec.write(session.settled(), out);
        out.writeLong(crc.getValue());
        out.flush();
    }

    static Session restore(Engine engine, Path file) {
        try {
            checkKind(file);
            checkSum(file);
            try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
                return read(engine, in, Files.size(file));
            }
        } catch (NoSuchFileException e) {
            throw new HadalException("there is no session file " + file + "; check the name", e);
        } catch (EOFException e) {
            throw new HadalException(file + " is not a whole Hadal session; save it again", e);
        } catch (HadalException e) {
            throw new HadalException("cannot restore " + file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new HadalException(
                    "cannot read the session file " + file + " (" + IoReason.of(e)
                            + "); check the file and its permissions",
                    e);
        }
    }

    /// Tells another kind or version of file from a damaged one.
    private static void checkKind(Path file) throws IOException {
        try (var in = new DataInputStream(Files.newInputStream(file))) {
            if (in.readLong() != MAGIC) {
                throw new HadalException("it is no Hadal session; give a file that was saved as one");
            }
            int version = in.readInt();
            if (version != VERSION) {
                throw new HadalException("its version is " + version + ", this Hadal reads " + VERSION
                        + "; restore it with the Hadal that saved it");
            }
        }
    }

    private static void checkSum(Path file) throws IOException {
        long body = Files.size(file) - Long.BYTES;
        if (body < HEADER_BYTES) {
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

    /// Reads what has the right checksum, and still believes no length that the file cannot hold.
    private static Session read(Engine engine, DataInputStream in, long fileBytes) throws IOException {
        in.skipNBytes(Long.BYTES + Integer.BYTES);
        int length = in.readInt();
        if (length < 0 || length > fileBytes / Integer.BYTES) {
            throw new HadalException("its length is impossible; the file is damaged, save it again");
        }
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
            ids[i] = in.readInt();
        }
        var state = SequenceCodec.read(engine.model(), in);
        int vocabulary = engine.config().vocabSize();
        if (state.length() != length || Arrays.stream(ids).anyMatch(id -> id < 0 || id >= vocabulary)) {
            throw new HadalException("its tokens and its state differ; the file is damaged, save it again");
        }
        in.skipNBytes(Long.BYTES);
        if (in.read() >= 0) {
            throw new HadalException("it goes on after its state; the file is damaged, save it again");
        }
        if (length > engine.contextLength()) {
            throw new HadalException("it holds " + length + " tokens, but the context " + engine.contextLength()
                    + "; raise the context length");
        }
        return new Session(engine, state, ids, engine.newLookahead());
    }
}
