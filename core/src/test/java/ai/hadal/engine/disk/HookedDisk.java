package ai.hadal.engine.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// The machine's files, with something to happen before or after each access. It waits for no device: what a process
/// writes outlives the process without that.
class HookedDisk implements Disk {

    /// Before bytes are written; an exception is a failure of the device after half of them.
    void beforeWrite(int bytes) throws IOException {}

    void beforeRead() throws IOException {}

    void beforeTruncate() throws IOException {}

    void beforeDelete() throws IOException {}

    void afterWrite() throws IOException {}

    @Override
    public Handle create(Path file) throws IOException {
        return new Hooked(FILES.create(file));
    }

    @Override
    public Handle open(Path file) throws IOException {
        return new Hooked(FILES.open(file));
    }

    @Override
    public void delete(Path file) throws IOException {
        beforeDelete();
        FILES.delete(file);
    }

    private final class Hooked implements Handle {

        private final Handle file;

        Hooked(Handle file) {
            this.file = file;
        }

        @Override
        public boolean read(ByteBuffer into, long position) throws IOException {
            beforeRead();
            return file.read(into, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            try {
                beforeWrite(from.remaining());
            } catch (IOException e) {
                file.write(from.slice(from.position(), from.remaining() / 2), position);
                throw e;
            }
            file.write(from, position);
            afterWrite();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            beforeTruncate();
            file.truncate(size);
        }

        @Override
        public void sync() {}

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
