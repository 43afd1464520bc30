package ai.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Byte pair encoding against its definition, on vocabularies of merges that no training would give.
class BytePairMergerTest {

    private record Sample(List<String> merges, String text) {}

    @Property(tries = 2000)
    void mergesAsTheDefinitionSays(@ForAll("samples") Sample sample) {
        var definition = TestVocabularies.definition(sample.merges());
        var tokens = new TokenTable(definition);
        var byteIds = new int[256];
        for (int b = 0; b < 256; b++) {
            byteIds[b] = tokens.find(String.valueOf(ByteAlphabet.symbol(b)));
        }
        var merger = new BytePairMerger(MergeTable.of(definition, tokens), byteIds);
        var ids = new IntList();
        char[] text = sample.text().toCharArray();
        merger.merge(text, 0, text.length, ids);
        // A second piece must not see anything of the first.
        merger.merge(text, 0, text.length, ids);

        var spellings = new ArrayList<String>();
        for (int id : ids.toArray(0)) {
            spellings.add(tokens.token(id));
        }
        List<String> expected = naive(sample.text(), sample.merges());
        assertThat(spellings.subList(0, spellings.size() / 2)).isEqualTo(expected);
        assertThat(spellings.subList(spellings.size() / 2, spellings.size())).isEqualTo(expected);
    }

    /// Words over three letters and their merges: overlaps, ties and runs are common.
    @Provide
    Arbitrary<Sample> samples() {
        var word = Arbitraries.strings().withChars("abc").ofMinLength(1).ofMaxLength(3);
        var merges = Combinators.combine(word, word)
                .as((left, right) -> left + ' ' + right)
                .list()
                .uniqueElements()
                .ofMaxSize(14);
        var text = Arbitraries.strings().withChars("abcé中").ofMinLength(1).ofMaxLength(40);
        return Combinators.combine(merges, text).as(Sample::new);
    }

    /// Merges the pair of the lowest rank, the leftmost of them, until there is none.
    static List<String> naive(String text, List<String> merges) {
        Map<String, Integer> ranks = new HashMap<>();
        for (String merge : merges) {
            ranks.put(merge, ranks.size());
        }
        var symbols = new ArrayList<String>();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            symbols.add(String.valueOf(ByteAlphabet.symbol(b & 0xFF)));
        }
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                int rank = ranks.getOrDefault(symbols.get(i) + ' ' + symbols.get(i + 1), Integer.MAX_VALUE);
                if (rank < bestRank) {
                    best = i;
                    bestRank = rank;
                }
            }
            if (best < 0) {
                return symbols;
            }
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
    }
}
