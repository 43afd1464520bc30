package ai.hadal.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackerTest {

    private static final DataSource SOURCE = new Numbers(0, 9);

    /// Three pieces for each index, as a long text gives.
    private static final DataSource PIECES = (index, _) -> IntStream.range(0, 3)
            .mapToObj(part -> new Document(new int[] {part, (int) index}, new boolean[] {false, true}))
            .toList();

    @Test
    void packsHoldWholeDocumentsInOrderAndTheNextOneWouldNotHaveFitted() {
        var packer = new Packer(SOURCE, 20);
        var packs = new ArrayList<List<Document>>();
        for (int i = 0; i < 50; i++) {
            packs.add(packer.nextPack());
        }
        var indices = packs.stream()
                .flatMap(List::stream)
                .map(document -> document.ids()[1])
                .toList();
        assertThat(indices).isEqualTo(IntStream.range(0, indices.size()).boxed().toList());
        for (int i = 0; i < packs.size(); i++) {
            int tokens = packs.get(i).stream().mapToInt(Document::length).sum();
            assertThat(tokens).isLessThanOrEqualTo(20);
            if (i + 1 < packs.size()) {
                assertThat(tokens + packs.get(i + 1).getFirst().length()).isGreaterThan(20);
            }
        }
    }

    @Test
    void aPackerGoesOnFromItsStateAsIfItHadNeverStopped() {
        for (DataSource source : List.of(SOURCE, PIECES)) {
            var whole = Numbers.packs(new Packer(source, 13), 40);
            var first = new Packer(source, 13);
            var stopped = Numbers.packs(first, 17);
            assertThat(stopped).isEqualTo(whole.subList(0, 17));
            assertThat(Numbers.packs(new Packer(source, 13, first.state()), 23)).isEqualTo(whole.subList(17, 40));
        }
    }

    @Test
    void whatDoesNotFitIsSkippedAndCounted() {
        var packer = new Packer(SOURCE, 5);
        var given = Numbers.packs(packer, 40).stream().flatMap(List::stream).collect(Collectors.toSet());
        assertThat(packer.state().skipped()).isPositive();
        assertThat(given).hasSize((int) (packer.state().index() - packer.state().skipped()));
    }

    @Test
    void aSourceWithNothingThatFitsIsAnErrorAndNoEndlessLoop() {
        var packer = new Packer((_, _) -> List.of(), 5);
        assertThatThrownBy(packer::nextPack)
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("do not fit 5 tokens");
    }

    @Test
    void prefetchedPacksAndStatesAreTheSame() {
        var plain = new Packer(SOURCE, 16);
        try (var ahead = new Prefetcher(new Packer(SOURCE, 16), 3)) {
            assertThat(ahead.state()).isEqualTo(Packer.State.START);
            for (int i = 0; i < 30; i++) {
                assertThat(Numbers.packs(ahead, 1)).isEqualTo(Numbers.packs(plain, 1));
                assertThat(ahead.state()).isEqualTo(plain.state());
            }
        }
    }

    @Test
    void aPrefetcherTellsTheErrorWhereThePackIsAskedFor() {
        DataSource broken = (index, most) -> {
            if (index >= 10) {
                throw new HadalException("line 10 is wrong");
            }
            return SOURCE.documents(index, most);
        };
        try (var ahead = new Prefetcher(new Packer(broken, 9), 2)) {
            assertThatThrownBy(() -> Numbers.packs(ahead, 100)).hasMessage("line 10 is wrong");
        }
    }

    @Test
    void aClosedPrefetcherGivesNothing() {
        var ahead = new Prefetcher(new Packer(SOURCE, 16), 3);
        ahead.close();
        assertThatThrownBy(ahead::nextPack).isInstanceOf(IllegalStateException.class);
    }
}
