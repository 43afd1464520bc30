package ai.hadal.checkpoint;

import ai.hadal.error.HadalException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// JSON readers with limits that suit untrusted files.
final class Json {

    /// An index of a hundred thousand tensors has ten megabytes.
    static final long MAX_INDEX_BYTES = 100_000_000;

    /// A configuration has a few kilobytes.
    static final long MAX_CONFIG_BYTES = 1_000_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            // Tensor names hardly repeat; a symbol table of them would only grow.
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNameLength(4096)
                    .maxStringLength(1 << 20)
                    .build())
            .build();

    private static final ObjectReader TREE = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private Json() {}

    /// A streaming parser over mapped bytes.
    static JsonParser parser(MemorySegment bytes) {
        return FACTORY.createParser(ObjectReadContext.empty(), new SegmentInputStream(bytes.asByteBuffer()));
    }

    /// A file's root object as a tree.
    static JsonNode object(Path file, byte[] bytes) {
        JsonNode node;
        try {
            node = TREE.readValue(bytes);
        } catch (JacksonException e) {
            throw malformed(file.toString(), e);
        }
        if (node == null || !node.isObject()) {
            throw new HadalException(file + " does not hold a JSON object; download it again");
        }
        return node;
    }

    /// A parser's complaint as one sentence about `place`.
    static HadalException malformed(String place, JacksonException e) {
        String what = e.getOriginalMessage();
        int line = what == null ? -1 : what.indexOf('\n');
        String reason = line < 0 ? what : what.substring(0, line);
        String at = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        return new HadalException(
                place + " is not valid JSON" + at + " (" + Text.printable(String.valueOf(reason))
                        + "); download it again",
                e);
    }

    private static final class SegmentInputStream extends InputStream {
        private final ByteBuffer buffer;

        SegmentInputStream(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public int read() {
            return buffer.hasRemaining() ? buffer.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (!buffer.hasRemaining()) {
                return length == 0 ? 0 : -1;
            }
            int n = Math.min(length, buffer.remaining());
            buffer.get(target, offset, n);
            return n;
        }
    }
}
