package ai.hadal.engine.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/// The way to files.
interface Disk {

    /// The machine's own files.
    Disk FILES = new Disk() {
        @Override
        public Handle create(Path file) throws IOException {
            return ChannelHandle.create(file);
        }

        @Override
        public Handle open(Path file) throws IOException {
            return ChannelHandle.open(file);
        }

        @Override
        public void delete(Path file) throws IOException {
            Files.deleteIfExists(file);
        }
    };

    /// Creates a file that must not exist, readable by its owner alone.
    Handle create(Path file) throws IOException;

    /// Opens a file to read and write.
    Handle open(Path file) throws IOException;

    void delete(Path file) throws IOException;

    /// An open file, for any number of threads.
    interface Handle extends AutoCloseable {

        /// Fills the buffer from a position; false where the file ends before that.
        ///
        /// @throws java.nio.channels.ClosedChannelException after [#close]
        boolean read(ByteBuffer into, long position) throws IOException;

        /// Writes all of the buffer at a position.
        void write(ByteBuffer from, long position) throws IOException;

        long size() throws IOException;

        void truncate(long size) throws IOException;

        /// Returns when everything written is on the device.
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }
}
