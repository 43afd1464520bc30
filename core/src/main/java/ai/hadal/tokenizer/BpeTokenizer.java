package ai.hadal.tokenizer;

import ai.hadal.error.HadalException;
import java.util.List;
import java.util.OptionalInt;

/// Byte-level BPE with DeepSeek's pre-tokenizer.
final class BpeTokenizer implements Tokenizer {

    /// The longest text in UTF-16 units: far beyond any context, and the arrays of a merge stay within a JVM's
    /// limits.
    static final int MAX_UNITS = 1 << 26;

    private final TokenTable tokens;
    private final boolean[] special;
    private final boolean[] ordinary;
    private final int bosId;
    private final int eosId;
    private final int padId;
    private final MergeTable merges;
    private final int[] byteIds;
    /// Sought one after the other, each in what those before left.
    private final List<AddedTokens> passes = List.of(new AddedTokens(), new AddedTokens());

    private final PieceCache cache = new PieceCache();

    private BpeTokenizer(Definition definition) {
        tokens = new TokenTable(definition);
        special = new boolean[tokens.size()];
        ordinary = new boolean[tokens.size()];
        bosId = definition.bosId();
        eosId = definition.eosId();
        padId = definition.padId();
        byteIds = byteIds(definition, tokens);
        merges = MergeTable.of(definition, tokens);
        for (int id = 0; id < tokens.size(); id++) {
            special[id] = definition.is(id, Definition.SPECIAL);
            ordinary[id] = !definition.is(id, Definition.ADDED) && !definition.is(id, Definition.UNUSED);
            if (definition.is(id, Definition.ADDED)) {
                passes.get(definition.is(id, Definition.NORMALIZED) ? 1 : 0).add(tokens.token(id), id);
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
    public int[] encode(String text, List<TextRange> ordinary) {
        char[] units = wellFormed(text);
        var encoder = new Encoder(units, ordinary);
        encoder.encode(0, 0, units.length);
        return encoder.ids.toArray(0);
    }

    @Override
    public int[] encodeOrdinary(String text) {
        char[] units = wellFormed(text);
        var encoder = new Encoder(units, List.of());
        encoder.encode(passes.size(), 0, units.length);
        return encoder.ids.toArray(0);
    }

    /// The text's UTF-16 units, lone surrogates replaced.
    private static char[] wellFormed(String text) {
        if (text.length() > MAX_UNITS) {
            throw new HadalException("The text has " + text.length() + " characters, more than the " + MAX_UNITS
                    + " a tokenizer takes at once; shorten it.");
        }
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
        private final OrdinaryRanges ordinary;
        private final PreTokenizer preTokenizer;
        private final BytePairMerger merger = new BytePairMerger(merges, byteIds);

        Encoder(char[] text, List<TextRange> ordinary) {
            this.text = text;
            this.ordinary = new OrdinaryRanges(ordinary);
            preTokenizer = new PreTokenizer(text, this);
        }

        /// Encodes `text[from .. to)`, recognising the added tokens of the given pass and of those after it.
        void encode(int pass, int from, int to) {
            if (pass == passes.size()) {
                preTokenizer.cut(from, to);
                return;
            }
            AddedTokens added = passes.get(pass);
            int done = from;
            int i = added.candidate(text, from, to);
            while (i < to) {
                int id = added.longest(text, i, Math.min(to, ordinary.end(i)));
                if (id < 0) {
                    i++;
                } else {
                    encode(pass + 1, done, i);
                    ids.add(id);
                    i += tokens.token(id).length();
                    done = i;
                }
                i = added.candidate(text, i, to);
            }
            encode(pass + 1, done, to);
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
        return special[check(id)];
    }

    @Override
    public boolean isOrdinary(int id) {
        return ordinary[check(id)];
    }

    @Override
    public int bosId() {
        return bosId;
    }

    @Override
    public int eosId() {
        return eosId;
    }

    @Override
    public int padId() {
        return padId;
    }

    private int check(int id) {
        if (id < 0 || id >= tokens.size()) {
            throw new HadalException("The token id " + id + " is outside the vocabulary of " + tokens.size()
                    + " tokens; use the ids of the same model's tokenizer.");
        }
        return id;
    }
}
