package ai.hadal.tokenizer;

import ai.hadal.error.HadalException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Spellings by id, ids by spelling, and the bytes each token stands for.
final class TokenTable {

    private final String[] tokens;
    /// Ids by the hash of the spelling, open addressing, -1 empty.
    private final int[] slots;
    /// All tokens' bytes, one behind the other; token id has `bytes[offsets[id] .. offsets[id + 1])`.
    private final byte[] bytes;

    private final int[] offsets;

    TokenTable(Definition definition) {
        tokens = definition.tokens();
        if (tokens.length == 0) {
            throw definition.place().fault(definition.tokensField(), "there are no tokens");
        }
        slots = new int[Integer.highestOneBit(tokens.length) << 2];
        Arrays.fill(slots, -1);
        offsets = new int[tokens.length + 1];
        var all = new ByteArrayOutputStream();
        for (int id = 0; id < tokens.length; id++) {
            index(id, definition);
            append(id, definition, all);
            offsets[id + 1] = all.size();
        }
        bytes = all.toByteArray();
    }

    int size() {
        return tokens.length;
    }

    String token(int id) {
        return tokens[id];
    }

    byte[] bytes(int id) {
        return Arrays.copyOfRange(bytes, offsets[id], offsets[id + 1]);
    }

    void decode(int id, Utf8Decoder decoder, StringBuilder out) {
        decoder.decode(bytes, offsets[id], offsets[id + 1], out);
    }

    /// The id of the spelling, or -1.
    int find(String token) {
        return slots[slot(token)];
    }

    private int slot(String token) {
        int mask = slots.length - 1;
        int slot = ((token.hashCode() * 0x9E3779B9) >>> 7) & mask;
        while (slots[slot] >= 0 && !tokens[slots[slot]].equals(token)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void index(int id, Definition definition) {
        int slot = slot(tokens[id]);
        if (slots[slot] >= 0) {
            throw fault(id, definition, "is also the token of id " + slots[slot]);
        }
        slots[slot] = id;
    }

    private void append(int id, Definition definition, ByteArrayOutputStream all) {
        String token = tokens[id];
        if (token.isEmpty()) {
            throw fault(id, definition, "is empty");
        }
        boolean added = definition.is(id, Definition.ADDED);
        if (!added && isSpelledInBytes(token)) {
            for (int i = 0; i < token.length(); i++) {
                all.write(ByteAlphabet.value(token.charAt(i)));
            }
        } else if (!added && !definition.is(id, Definition.UNUSED)) {
            throw fault(id, definition, "has a character outside the GPT-2 byte alphabet");
        } else if (!StandardCharsets.UTF_8.newEncoder().canEncode(token)) {
            throw fault(id, definition, "holds a lone surrogate");
        } else {
            all.writeBytes(token.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static boolean isSpelledInBytes(String token) {
        for (int i = 0; i < token.length(); i++) {
            if (ByteAlphabet.value(token.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    private static HadalException fault(int id, Definition definition, String cause) {
        String token = Place.quote(definition.tokens()[id]);
        return definition.place().fault(definition.tokensField(), "the token " + token + " of id " + id + " " + cause);
    }
}
