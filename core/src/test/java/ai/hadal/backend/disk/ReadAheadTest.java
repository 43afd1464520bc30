package ai.hadal.backend.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.hadal.backend.topology.Placement;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which weights are read when.
class ReadAheadTest {

    private static final int BYTES = 64;

    private final BlockingQueue<Long> read = new LinkedBlockingQueue<>();

    @Test
    void weightsComeInTheOrderOfTheirUseWithTheirScales() throws InterruptedException {
        var a = weight(null);
        var b = weight(segment());
        try (var readAhead = start(10 * BYTES)) {
            readAhead.begin(List.of(List.of(a), List.of(b)), false);
            assertThat(taken(3))
                    .containsExactly(
                            a.data().address(), b.data().address(), b.scale().address());
        }
    }

    /// Every read is held against what the operation had reached at that moment.
    @Test
    void theyStayWithinTheWindow() throws InterruptedException {
        int stages = 40;
        var weights = new ArrayList<Weight>();
        for (int i = 0; i < stages; i++) {
            weights.add(weight(null));
        }
        var reached = new AtomicInteger();
        var ahead = Collections.synchronizedList(new ArrayList<Integer>());
        var count = new AtomicInteger();
        try (var readAhead = new ReadAhead(
                (part, streamed) -> {
                    ahead.add(count.getAndIncrement() - reached.get());
                    read.add(part.address());
                },
                3 * BYTES,
                Placement.NONE)) {
            readAhead.begin(weights.stream().map(List::of).toList(), false);
            for (int stage = 0; stage < stages; stage++) {
                reached.set(stage);
                readAhead.reached(stage);
                assertThat(taken(1)).containsExactly(weights.get(stage).data().address());
            }
        }
        assertThat(ahead).hasSize(stages).allMatch(distance -> distance < 3);
    }

    @Test
    void aWeightLargerThanTheWindowIsReadWhenItsTurnComes() throws InterruptedException {
        var first = weight(null);
        var second = weight(null);
        try (var readAhead = start(1)) {
            readAhead.begin(List.of(List.of(first), List.of(second)), false);
            assertThat(taken(1)).containsExactly(first.data().address());
            readAhead.reached(1);
            assertThat(taken(1)).containsExactly(second.data().address());
        }
    }

    @Test
    void whatIsExpectedComesAfterWhatIsNeededNow() throws InterruptedException {
        var now = weight(null);
        var next = weight(null);
        var soon = weight(null);
        try (var readAhead = start(BYTES)) {
            readAhead.begin(List.of(List.of(now), List.of(next)), false);
            assertThat(taken(1)).containsExactly(now.data().address());
            readAhead.expect(List.of(soon));
            readAhead.reached(1);
            assertThat(taken(2))
                    .containsExactly(next.data().address(), soon.data().address());
        }
    }

    @Test
    void tooMuchIsNotExpected() throws InterruptedException {
        var a = weight(null);
        var b = weight(null);
        var c = weight(null);
        try (var readAhead = start(BYTES)) {
            readAhead.expect(List.of(a, b));
            readAhead.expect(List.of(c));
            assertThat(taken(1)).containsExactly(c.data().address());
        }
    }

    @Test
    void anOperationThatIsOverIsReadNoFurther() throws InterruptedException {
        var a = weight(null);
        var b = weight(null);
        var c = weight(null);
        try (var readAhead = start(BYTES)) {
            readAhead.begin(List.of(List.of(a), List.of(b)), false);
            assertThat(taken(1)).containsExactly(a.data().address());
            readAhead.end();
            readAhead.begin(List.of(List.of(c)), false);
            assertThat(taken(1)).containsExactly(c.data().address());
        }
    }

    @Test
    void aStreamIsReadAsOne() throws InterruptedException {
        var ways = new LinkedBlockingQueue<Boolean>();
        try (var readAhead = new ReadAhead((part, streamed) -> ways.add(streamed), BYTES, Placement.NONE)) {
            readAhead.begin(List.of(List.of(weight(null))), true);
            assertThat(ways.poll(1, TimeUnit.MINUTES)).isTrue();
            readAhead.expect(List.of(weight(null)));
            assertThat(ways.poll(1, TimeUnit.MINUTES)).isFalse();
        }
    }

    /// The system takes any part of a mapping, whole pages or not.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSystemTakesAdvice(boolean streamed, @TempDir Path folder) throws IOException {
        var advice = PageAdvice.open(true);
        assumeThat(advice).isNotNull();
        Path file = Files.write(folder.resolve("weights"), new byte[1 << 20]);
        try (var arena = Arena.ofConfined();
                var channel = FileChannel.open(file)) {
            var part = channel.map(FileChannel.MapMode.READ_ONLY, 0, 1 << 20, arena)
                    .asSlice(777, 500_000);
            advice.read(part, streamed);
            assertThat(part.get(ValueLayout.JAVA_BYTE, 0)).isZero();
        }
    }

    @Test
    void aFilesPagingHasPieces(@TempDir Path folder) {
        assertThat(Paging.of(folder, 5).cacheBytes()).isEqualTo(5);
        assertThat(Paging.of(folder, 5).pieceBytes()).isNotNegative();
        assertThat(Paging.of(folder.resolve("none"), 5).pieceBytes()).isEqualTo(Paging.USUAL_PIECE);
    }

    private ReadAhead start(long window) {
        return new ReadAhead((part, streamed) -> read.add(part.address()), window, Placement.NONE);
    }

    private List<Long> taken(int count) throws InterruptedException {
        var taken = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            taken.add(read.poll(1, TimeUnit.MINUTES));
        }
        return taken;
    }

    private static Weight weight(@Nullable MemorySegment scale) {
        return new Weight("w", Format.BF16, 1, BYTES / 2, BYTES, segment(), scale);
    }

    private static MemorySegment segment() {
        return Arena.ofAuto().allocate(BYTES);
    }
}
