package ai.hadal.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Tensor;
import ai.hadal.testing.Goldens;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Whatever happens to a small file, reading it ends with tensors that lie inside it or with one sentence, and takes
/// little memory: no declared count or length is believed.
class DamagedFilePropertyTest {

    private static final Path NAME = Path.of("damaged");

    /// Far more than a file of a kilobyte needs, far less than any count of the damaged bytes could ask for.
    /// Exceptions and the buffers of the JSON parser are the larger part of it.
    private static final long MEMORY = 4 << 20;

    private static final byte[] SAFETENSORS = concat(SafetensorsHeader.frame("""
                    {"__metadata__":{"format":"pt"},
                     "a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
                     "a.scale":{"dtype":"F8_E8M0","shape":[4],"data_offsets":[24,28]},
                     "b":{"dtype":"I64","shape":[],"data_offsets":[32,40]}}"""), new byte[40]);

    private static final byte[] GGUF = new GgufBuilder()
            .string("general.architecture", "deepseek4")
            .alignment(32)
            .strings("tokenizer.ggml.tokens", "a", "bc", "", "def")
            .i32s("ratios", 0, 4, 128)
            .f32("eps", 1e-6f)
            .tensor("token_embd.weight", GgufBuilder.F32, new byte[48], 4, 3)
            .tensor("blk.0.x.weight", GgufBuilder.Q8_0, new byte[68], 2, 32)
            .tensor("blk.0.y.weight", 13, new byte[176], 256)
            .bytes();

    private static final byte[] INDEX = """
            {"metadata":{"total_size":28},
             "weight_map":{"a.weight":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}""".getBytes(StandardCharsets.UTF_8);

    static {
        // What the first use of the JSON library allocates belongs to no file.
        Json.object(NAME, "{}".getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Property(tries = 1500)
    void safetensors(@ForAll long seed, @ForAll @IntRange(min = 0, max = 3) int kind) {
        check(
                damage(SAFETENSORS, seed, kind),
                bytes -> SafetensorsHeader.parse(NAME, bytes).tensors());
    }

    @Property(tries = 1500)
    void gguf(@ForAll long seed, @ForAll @IntRange(min = 0, max = 3) int kind) {
        check(damage(GGUF, seed, kind), bytes -> {
            GgufFile file = GgufFile.parse(NAME, bytes);
            GgufMetadata metadata = file.metadata();
            for (String key : metadata.keys()) {
                metadata.display(key);
                readAs(() -> metadata.strings(key));
                readAs(() -> metadata.integers(key));
                readAs(() -> metadata.floats(key));
                readAs(() -> metadata.number(key));
                readAs(() -> metadata.bool(key));
            }
            return file.tensors();
        });
    }

    /// A value of another type is refused, never misread.
    private static void readAs(Runnable getter) {
        try {
            getter.run();
        } catch (HadalException e) {
            assertThat(e.getMessage()).contains(NAME.toString());
        }
    }

    /// The files that are read by path rather than by mapped bytes.
    @Property(tries = 300)
    void indexAndConfiguration(@ForAll long seed, @ForAll @IntRange(min = 0, max = 3) int kind) throws IOException {
        Path file = Files.createTempFile("damaged", ".json");
        try {
            Files.write(file, damage(INDEX, seed, kind));
            oneSentence(file, () -> SafetensorsIndex.read(file));
            byte[] config = Files.readAllBytes(Goldens.resource("flash-tiny").resolve("config.json"));
            Files.write(file, damage(config, seed, kind));
            oneSentence(file, () -> Json.object(file, MappedFile.read(file, Json.MAX_CONFIG_BYTES)));
        } finally {
            Files.delete(file);
        }
    }

    private static void check(byte[] damaged, Function<MemorySegment, Map<String, Tensor>> reader) {
        MemorySegment bytes = MemorySegment.ofArray(damaged);
        oneSentence(
                NAME,
                () -> reader.apply(bytes).forEach((name, tensor) -> {
                    assertThat(tensor.name()).isEqualTo(name);
                    assertThat(tensor.format().bytes(tensor.elements()))
                            .isEqualTo(tensor.data().byteSize())
                            .isLessThanOrEqualTo(damaged.length);
                }));
    }

    private static void oneSentence(Path file, Runnable read) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            read.run();
        } catch (HadalException e) {
            assertThat(e.getMessage()).contains(file.toString()).doesNotContainPattern("\\p{Cntrl}");
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MEMORY);
    }

    private static final long[] TELLING_NUMBERS = {
        0, 1, -1, 13, 255, 1L << 20, Integer.MAX_VALUE, 1L << 32, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private static final String[] TELLING_TEXTS = {
        "-1", "0", "99999999999", "9223372036854775807", "1e9", "null", "[]", "{}", "\"", "\\u0000", "[[[[", "}", ","
    };

    /// Cuts a file off, flips bytes, writes numbers where counts and lengths may be, or text where a header has
    /// values.
    private static byte[] damage(byte[] original, long seed, int kind) {
        Random random = new Random(seed);
        byte[] bytes = original.clone();
        switch (kind) {
            case 0 -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            case 1 -> {
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
            }
            case 2 -> {
                long number = TELLING_NUMBERS[random.nextInt(TELLING_NUMBERS.length)];
                int width = random.nextBoolean() ? 8 : 4;
                int at = random.nextInt(bytes.length - width);
                for (int i = 0; i < width; i++) {
                    bytes[at + i] = (byte) (number >> 8 * i);
                }
            }
            default -> {
                byte[] text = TELLING_TEXTS[random.nextInt(TELLING_TEXTS.length)].getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(text, 0, bytes, random.nextInt(bytes.length - text.length), text.length);
            }
        }
        return bytes;
    }
}
