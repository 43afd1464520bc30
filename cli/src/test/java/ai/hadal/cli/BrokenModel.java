package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A copy of a checkpoint in a folder of its own, and the ways to break it.
record BrokenModel(Path folder) {

    private static final int LENGTH_BYTES = 8;

    /// The only file of an unsplit checkpoint.
    Path single() {
        return folder.resolve("model.safetensors");
    }

    /// A file of a checkpoint in two shards.
    Path shard(int number) {
        return folder.resolve("model-0000" + number + "-of-00002.safetensors");
    }

    Path index() {
        return folder.resolve("model.safetensors.index.json");
    }

    Path config() {
        return folder.resolve("config.json");
    }

    Path tokenizer() {
        return folder.resolve("tokenizer.json");
    }

    /// Replaces text that is there.
    void replace(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    /// Gives a field of `config.json` another value; null takes it away.
    void configure(String field, Object value) throws IOException {
        var root = (ObjectNode) JsonMapper.shared().readTree(Files.readString(config()));
        assertThat(root.has(field)).as(field).isTrue();
        if (value == null) {
            root.remove(field);
        } else {
            root.putPOJO(field, value);
        }
        Files.writeString(config(), root.toString());
    }

    void cutTo(Path file, long length) throws IOException {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            assertThat(length).isLessThan(open.length());
            open.setLength(length);
        }
    }

    /// Writes the number that says how long a safetensors header is.
    void declareHeader(Path file, long length) throws IOException {
        write(file, 0, little(length));
    }

    /// Changes a safetensors header; the text may only become shorter.
    void header(Path file, UnaryOperator<String> change) throws IOException {
        String text = header(file);
        String changed = change.apply(text);
        assertThat(changed).isNotEqualTo(text).hasSizeLessThanOrEqualTo(text.length());
        write(
                file,
                LENGTH_BYTES,
                (changed + " ".repeat(text.length() - changed.length())).getBytes(StandardCharsets.UTF_8));
    }

    /// Replaces text of a safetensors header; the metadata gives its place to text that is longer.
    void header(Path file, String from, String to) throws IOException {
        header(file, text -> {
            assertThat(text).contains(from);
            return text.replace(from, to).replace("\"__metadata__\":{\"format\":\"pt\"},", "");
        });
    }

    /// Overwrites the first bytes of a tensor.
    void tensor(Path file, String name, int... bytes) throws IOException {
        String text = header(file);
        long begin = JsonMapper.shared()
                .readTree(text)
                .required(name)
                .required("data_offsets")
                .get(0)
                .longValue();
        byte[] values = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            values[i] = (byte) bytes[i];
        }
        write(file, LENGTH_BYTES + text.length() + begin, values);
    }

    void write(Path file, long at, byte[] bytes) throws IOException {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            open.write(bytes);
        }
    }

    private static String header(Path file) throws IOException {
        try (var open = new RandomAccessFile(file.toFile(), "r")) {
            byte[] length = new byte[LENGTH_BYTES];
            open.readFully(length);
            byte[] text = new byte
                    [Math.toIntExact(ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong())];
            open.readFully(text);
            return new String(text, StandardCharsets.UTF_8);
        }
    }

    static byte[] little(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    /// A file of the given length that takes no room on the disk but for its first bytes.
    static Path sparse(Path file, long length, byte... first) throws IOException {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            open.write(first);
            open.setLength(length);
        }
        return file;
    }
}
