package ai.hadal.tokenizer;

import ai.hadal.error.HadalException;
import java.util.OptionalInt;

/// Byte-level BPE with DeepSeek's pre-tokenizer.
final class BpeTokenizer implements Tokenizer {

    private final Definition definition;
    private final TokenTable tokens;
    private final MergeTable merges;
    private final int[] byteIds;
    /// Found first, in the whole text.
    private final AddedTokens added = new AddedTokens();
    /// Found second, in what the first leave.
    private final AddedTokens addedNormalized = new AddedTokens();

    private final PieceCache cache = new PieceCache();

    private BpeTokenizer(Definition definition) {
        this.definition = definition;
        tokens = new TokenTable(definition);
        byteIds = byteIds(definition, tokens);
        merges = MergeTable.of(definition, tokens);
        for (int id = 0; id < tokens.size(); id++) {
            if (definition.is(id, Definition.ADDED)) {
                var pass = definition.is(id, Definition.NORMALIZED) ? addedNormalized : added;
                pass.add(tokens.token(id), id);
            }
        }
    }

    /// @throws HadalException if the definition contradicts itself
    static BpeTokenizer of(Definition definition) {
        return new BpeTokenizer(definition);
    }

    private static int[] byteIds(Definition definition, TokenTable tokens) {
        var ids = new int[256];
        for (int b = 0; b < ids.length; b++) {
            String symbol = String.valueOf(ByteAlphabet.symbol(b));
            ids[b] = tokens.find(symbol);
            if (ids[b] < 0 || definition.is(ids[b], Definition.ADDED)) {
                throw definition
                        .place()
                        .fault(
                                definition.tokensField(),
                                "the byte " + b + " has no token of its own (" + Place.quote(symbol) + ")");
            }
        }
        return ids;
    }

    @Override
    public int[] encode(String text) {
        char[] units = wellFormed(text);
        var encoder = new Encoder(units);
        encoder.encode(0, units.length);
        return encoder.ids.toArray(0);
    }

    @Override
    public int[] encodeOrdinary(String text) {
        char[] units = wellFormed(text);
        var encoder = new Encoder(units);
        encoder.encodeOrdinary(0, units.length);
        return encoder.ids.toArray(0);
    }

    /// The text's UTF-16 units, lone surrogates replaced.
    private static char[] wellFormed(String text) {
        char[] units = text.toCharArray();
        for (int i = 0; i < units.length; i++) {
            if (Character.isSurrogate(units[i])) {
                if (i + 1 < units.length && Character.isSurrogatePair(units[i], units[i + 1])) {
                    i++;
                } else {
                    units[i] = '\uFFFD';
                }
            }
        }
        return units;
    }

    /// One call's state.
    private final class Encoder implements PreTokenizer.Sink {

        final IntList ids = new IntList();
        private final char[] text;
        private final PreTokenizer preTokenizer;
        private final BytePairMerger merger = new BytePairMerger(merges, byteIds);

        Encoder(char[] text) {
            this.text = text;
            preTokenizer = new PreTokenizer(text, this);
        }

        void encode(int from, int to) {
            int done = from;
            int i = added.candidate(text, from, to);
            while (i < to) {
                int id = added.longest(text, i, to);
                if (id >= 0) {
                    encodeNormalized(done, i);
                    ids.add(id);
                    done = i + tokens.token(id).length();
                }
                i = added.candidate(text, Math.max(done, i + 1), to);
            }
            encodeNormalized(done, to);
        }

        private void encodeNormalized(int from, int to) {
            int done = from;
            int i = addedNormalized.candidate(text, from, to);
            while (i < to) {
                int id = addedNormalized.longest(text, i, to);
                if (id >= 0) {
                    encodeOrdinary(done, i);
                    ids.add(id);
                    done = i + tokens.token(id).length();
                }
                i = addedNormalized.candidate(text, Math.max(done, i + 1), to);
            }
            encodeOrdinary(done, to);
        }

        void encodeOrdinary(int from, int to) {
            preTokenizer.cut(from, to);
        }

        @Override
        public void piece(char[] text, int start, int end) {
            if (!PieceCache.keeps(start, end)) {
                merger.merge(text, start, end, ids);
                return;
            }
            int[] known = cache.get(text, start, end);
            if (known != null) {
                ids.addAll(known);
                return;
            }
            int before = ids.size();
            merger.merge(text, start, end, ids);
            cache.put(text, start, end, ids.toArray(before));
        }
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        var decoder = new Utf8Decoder();
        var text = new StringBuilder();
        for (int id : ids) {
            if (!skipSpecial || !isSpecial(id)) {
                tokens.decode(check(id), decoder, text);
            }
        }
        decoder.finish(text);
        return text.toString();
    }

    @Override
    public byte[] bytes(int id) {
        return tokens.bytes(check(id));
    }

    @Override
    public int size() {
        return tokens.size();
    }

    @Override
    public OptionalInt id(String token) {
        int id = tokens.find(token);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public String token(int id) {
        return tokens.token(check(id));
    }

    @Override
    public boolean isSpecial(int id) {
        return definition.is(check(id), Definition.SPECIAL);
    }

    @Override
    public int bosId() {
        return definition.bosId();
    }

    @Override
    public int eosId() {
        return definition.eosId();
    }

    @Override
    public int padId() {
        return definition.padId();
    }

    private int check(int id) {
        if (id < 0 || id >= tokens.size()) {
            throw new HadalException("The token id " + id + " is outside the vocabulary of " + tokens.size()
                    + " tokens; use the ids of the same model's tokenizer.");
        }
        return id;
    }
}
