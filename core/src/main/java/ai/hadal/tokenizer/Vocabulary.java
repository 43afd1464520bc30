package ai.hadal.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// The tokenizer metadata of a GGUF file, as stored. Nothing is checked until [Tokenizer#of(Vocabulary)].
///
/// @param source the file, as error messages shall name it
/// @param tokens `tokenizer.ggml.tokens`: the spelling of each id, in the GPT-2 byte alphabet but for added tokens
/// @param tokenTypes `tokenizer.ggml.token_type`, one for each token: 1 normal, 2 unknown, 3 control, 4
///     user-defined, 5 unused, 6 byte. Control and unknown tokens are added and special, user-defined ones only
///     added
/// @param merges `tokenizer.ggml.merges`: "left right", best first
/// @param pre `tokenizer.ggml.pre`: the name of the pre-tokenizer, `joyai-llm` or `deepseek-v3`
/// @param bosId `tokenizer.ggml.bos_token_id`
/// @param eosId `tokenizer.ggml.eos_token_id`
/// @param padId `tokenizer.ggml.padding_token_id`, or -1 where the file has none
@SuppressWarnings("ArrayRecordComponent") // a list would box 129,280 numbers; the array is copied in and out
public record Vocabulary(
        String source,
        List<String> tokens,
        int[] tokenTypes,
        List<String> merges,
        String pre,
        int bosId,
        int eosId,
        int padId) {

    private static final Set<String> KNOWN_PRE = Set.of("joyai-llm", "deepseek-v3");

    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;
    private static final int LAST_TYPE = 6;

    public Vocabulary {
        tokens = List.copyOf(tokens);
        tokenTypes = tokenTypes.clone();
        merges = List.copyOf(merges);
    }

    @Override
    public int[] tokenTypes() {
        return tokenTypes.clone();
    }

    /// The vocabulary of a tokenizer.json, given the file or the directory that holds it. Of its added tokens the
    /// special ones and those spelt like one (`<｜User｜>`) are control tokens, the others user-defined.
    ///
    /// @throws ai.hadal.error.HadalException as [Tokenizer#fromJson]
    public static Vocabulary fromJson(Path tokenizerJson) {
        var definition = TokenizerJson.read(tokenizerJson);
        int[] types = new int[definition.tokens().length];
        for (int id = 0; id < types.length; id++) {
            String token = definition.tokens()[id];
            boolean control = definition.is(id, Definition.SPECIAL) || (token.startsWith("<｜") && token.endsWith("｜>"));
            types[id] = !definition.is(id, Definition.ADDED) ? NORMAL : control ? CONTROL : USER_DEFINED;
        }
        return new Vocabulary(
                definition.place().source(),
                List.of(definition.tokens()),
                types,
                definition.merges(),
                "joyai-llm",
                definition.bosId(),
                definition.eosId(),
                definition.padId());
    }

    /// The same with unused tokens at the end, so that there are `size`: one for each row of a model's embedding.
    public Vocabulary padded(int size) {
        var all = new ArrayList<>(tokens);
        int[] types = Arrays.copyOf(tokenTypes, Math.max(size, tokens.size()));
        while (all.size() < size) {
            types[all.size()] = UNUSED;
            all.add("[PAD" + all.size() + "]");
        }
        return new Vocabulary(source, all, types, merges, pre, bosId, eosId, padId);
    }

    /// The text of a tokenizer.json that gives the same tokenizer.
    ///
    /// @throws ai.hadal.error.HadalException as [Tokenizer#of]
    public String toJson() {
        return TokenizerJsonWriter.write(definition());
    }

    Definition definition() {
        var place = new Place(source, "convert the model again with a current converter");
        if (!KNOWN_PRE.contains(pre)) {
            throw place.fault(
                    "tokenizer.ggml.pre",
                    "the pre-tokenizer " + Place.quote(pre) + " is not one of DeepSeek's (joyai-llm, deepseek-v3)");
        }
        if (tokenTypes.length != tokens.size()) {
            throw place.fault(
                    "tokenizer.ggml.token_type",
                    "there are " + tokenTypes.length + " types for " + tokens.size() + " tokens");
        }
        return new Definition(
                place,
                "tokenizer.ggml.tokens",
                "tokenizer.ggml.merges",
                tokens.toArray(String[]::new),
                flags(place),
                merges,
                inRange(place, "tokenizer.ggml.bos_token_id", bosId),
                inRange(place, "tokenizer.ggml.eos_token_id", eosId),
                padId == -1 ? eosId : inRange(place, "tokenizer.ggml.padding_token_id", padId));
    }

    private byte[] flags(Place place) {
        var flags = new byte[tokenTypes.length];
        for (int id = 0; id < flags.length; id++) {
            int type = tokenTypes[id];
            if (type < 1 || type > LAST_TYPE) {
                throw place.fault(
                        "tokenizer.ggml.token_type[" + id + "]",
                        type + " is not a token type (1 to " + LAST_TYPE + ")");
            }
            flags[id] = switch (type) {
                case UNKNOWN, CONTROL -> Definition.ADDED | Definition.SPECIAL;
                case USER_DEFINED -> Definition.ADDED | Definition.NORMALIZED;
                case UNUSED -> Definition.UNUSED;
                default -> 0;
            };
        }
        return flags;
    }

    private int inRange(Place place, String key, int id) {
        if (id < 0 || id >= tokens.size()) {
            throw place.fault(key, "the id " + id + " is outside the vocabulary of " + tokens.size() + " tokens");
        }
        return id;
    }
}
