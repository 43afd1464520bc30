package ai.hadal.train.data;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Parts of text files, read when they are needed.
final class TextRange {

    /// Far beyond any context.
    static final int MOST_BYTES = 1 << 26;

    private TextRange() {}

    /// @param place the part, for errors
    static String read(Path file, long offset, long length, String place) {
        if (length > MOST_BYTES) {
            throw new HadalException(
                    place + " has " + length + " bytes, more than the " + MOST_BYTES + " that are read; cut it");
        }
        var bytes = ByteBuffer.allocate((int) length);
        try (var channel = FileChannel.open(file)) {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, offset + bytes.position()) < 0) {
                    throw new HadalException(file + " became shorter while it was in use; start again without that");
                }
            }
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new HadalException(place + " is not UTF-8 text; convert the file", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static HadalException unreadable(Path file, IOException e) {
        return new HadalException(
                file + " cannot be read (" + e.getClass().getSimpleName() + "); check the path and its permissions", e);
    }
}
