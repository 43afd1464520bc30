package ai.hadal.tokenizer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Tokens that come with their ids in any order, put in the order of the ids. As many places as there are tokens: an
/// absurd id is an error and not an array of that size.
final class IdOrder {

    private final Place place;
    private final @Nullable String[] tokens;
    private final byte[] flags;
    private int count;

    IdOrder(Place place, int most) {
        this.place = place;
        tokens = new @Nullable String[most];
        flags = new byte[most];
    }

    /// Adds a token, or flags to the one that has this id and spelling already.
    void put(String field, int id, String token, int tokenFlags) {
        if (id < 0 || id >= tokens.length) {
            throw place.fault(
                    field,
                    "the id " + id + " of " + Place.quote(token) + " is not below the number of tokens, "
                            + tokens.length);
        }
        String present = tokens[id];
        if (present == null) {
            tokens[id] = token;
            count++;
        } else if (!present.equals(token)) {
            throw place.fault(
                    field, "the id " + id + " belongs to both " + Place.quote(present) + " and " + Place.quote(token));
        }
        flags[id] |= (byte) tokenFlags;
    }

    /// The id of an added token that must exist.
    int id(String token) {
        int id = find(token);
        if (id < 0) {
            throw place.fault("added_tokens", "the token " + Place.quote(token) + " is missing");
        }
        return id;
    }

    /// The id of an added token, or -1.
    int find(String token) {
        for (int id = 0; id < count; id++) {
            if (token.equals(tokens[id]) && (flags[id] & Definition.ADDED) != 0) {
                return id;
            }
        }
        return -1;
    }

    /// The tokens by id, from 0 and without a gap.
    String[] tokens() {
        var dense = new String[count];
        for (int id = 0; id < count; id++) {
            String token = tokens[id];
            if (token == null) {
                throw place.fault("model.vocab", "no token has the id " + id + ", though others have higher ones");
            }
            dense[id] = token;
        }
        return dense;
    }

    byte[] flags() {
        return Arrays.copyOf(flags, count);
    }
}
