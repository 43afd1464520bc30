package ai.hadal.tokenizer;

import java.util.List;

/// What both file formats come down to: spellings by id, what kind of token each is, and the merges.
///
/// @param place where it was read
/// @param tokensField the name of the tokens' field in that file
/// @param mergesField the name of the merges' field in that file
/// @param tokens the spelling of each id
/// @param flags [#ADDED], [#SPECIAL], [#NORMALIZED] and [#UNUSED] for each id
/// @param merges "left right", best first
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record Definition(
        Place place,
        String tokensField,
        String mergesField,
        String[] tokens,
        byte[] flags,
        List<String> merges,
        int bosId,
        int eosId,
        int padId) {

    /// Recognised in the text by its spelling, which is plain text and not in the byte alphabet.
    static final byte ADDED = 1;

    /// A control token; only with [#ADDED].
    static final byte SPECIAL = 2;

    /// Looked for in a second pass, in what the tokens without this flag leave; only with [#ADDED].
    static final byte NORMALIZED = 4;

    /// Fills a gap in the ids: its spelling may be anything.
    static final byte UNUSED = 8;

    boolean is(int id, byte flag) {
        return (flags[id] & flag) != 0;
    }
}
