package ai.hadal.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.backend.host.HostEntries;
import ai.hadal.tensor.ActivationRounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Entries are kept in few bytes and lose nothing.
class EntriesTest {

    /// Values that were rounded once come back with every bit, whatever their size.
    @Property(tries = 300)
    void roundedValuesComeBack(@ForAll long seed, @ForAll @IntRange(min = -130, max = 110) int exponent) {
        for (var layout : List.of(
                EntryLayout.fp8(512, 64),
                EntryLayout.fp8(160, 64),
                EntryLayout.fp8(33, 16),
                EntryLayout.fp4(128),
                EntryLayout.fp4(40),
                EntryLayout.f32(7))) {
            var entries = new HostEntries(layout);
            List<float[]> expected = new ArrayList<>();
            var random = new Random(seed);
            for (int i = 0; i < 70; i++) {
                float[] x = values(random, layout.width(), exponent);
                switch (layout.form()) {
                    case F32 -> {}
                    case FP8 -> ActivationRounding.fp8(x, 0, layout.codes(), EntryLayout.FP8_GROUP);
                    case FP4 -> ActivationRounding.fp4(x, 0, x.length);
                }
                entries.append(x, 0);
                expected.add(x);
            }
            for (int i = 0; i < 70; i++) {
                float[] read = new float[layout.width()];
                entries.read(i, read);
                assertThat(read).as("%s, entry %d", layout, i).isEqualTo(expected.get(i));
            }
        }
    }

    /// Groups of one size and of very different ones, zeros of both signs, magnitudes next to a power of two.
    private static float[] values(Random random, int width, int exponent) {
        float[] x = new float[width];
        for (int i = 0; i < width; i++) {
            float spread = i % 64 < 32 ? 1f : (float) Math.scalb(1.0, -random.nextInt(20));
            x[i] = Math.scalb((float) random.nextGaussian(), exponent) * spread;
            if (random.nextInt(8) == 0) {
                x[i] = Math.scalb(random.nextBoolean() ? 1.75f : -1.001f, exponent + random.nextInt(3));
            }
            if (random.nextInt(16) == 0) {
                x[i] = random.nextBoolean() ? 0f : -0f;
            }
        }
        return x;
    }

    @Test
    void groupWithoutScaleIsNoNumberThroughout() {
        var entries = new HostEntries(EntryLayout.fp8(128, 0));
        float[] x = new float[128];
        x[70] = Float.POSITIVE_INFINITY;
        entries.append(x, 0);
        float[] read = new float[128];
        entries.read(0, read);
        for (int i = 0; i < 128; i++) {
            assertThat(Float.isNaN(read[i])).isEqualTo(i >= 64);
        }
    }

    /// Official V4-Flash: 448 codes, 7 scales, 64 floats with rope; 128 codes of four bits and 4 scales.
    @Test
    void bytes() {
        assertThat(EntryLayout.fp8(512, 64).bytes()).isEqualTo(448 + 7 + 4 * 64);
        assertThat(EntryLayout.fp4(128).bytes()).isEqualTo(64 + 4);
        assertThat(EntryLayout.f32(512).bytes()).isEqualTo(2048);
        var entries = new HostEntries(EntryLayout.fp4(128));
        assertThat(entries.bytes()).isZero();
        entries.append(new float[128], 0);
        assertThat(entries.bytes()).isEqualTo(32 * 68);
    }

    @Test
    void storedEntriesMoveBetweenLists() {
        for (var layout : List.of(EntryLayout.fp8(96, 32), EntryLayout.fp4(64), EntryLayout.f32(5))) {
            var random = new Random(3);
            var from = new HostEntries(layout);
            var to = new HostEntries(layout);
            byte[] stored = new byte[layout.bytes()];
            for (int i = 0; i < 100; i++) {
                from.append(values(random, layout.width(), 0), 0);
                from.readStored(i, stored);
                to.appendStored(stored);
            }
            for (int i = 0; i < 100; i++) {
                assertThat(values(to, i)).isEqualTo(values(from, i));
            }
        }
    }

    @Test
    void forksDoNotSeeEachOther() {
        for (var layout : List.of(EntryLayout.fp8(96, 32), EntryLayout.fp4(64), EntryLayout.f32(5))) {
            var random = new Random(5);
            var a = new HostEntries(layout);
            for (int i = 0; i < 70; i++) {
                a.append(values(random, layout.width(), 0), 0);
            }
            float[] last = values(a, 69);
            var b = a.fork();
            b.truncate(67);
            b.append(values(random, layout.width(), 0), 0);
            a.append(values(random, layout.width(), 0), 0);
            assertThat(values(a, 69)).isEqualTo(last);
            assertThat(values(b, 66)).isEqualTo(values(a, 66));
            assertThat(values(b, 67)).isNotEqualTo(values(a, 67));
        }
    }

    private static HostEntries filled(EntryLayout layout, int size, Random random) {
        var entries = new HostEntries(layout);
        for (int i = 0; i < size; i++) {
            entries.append(values(random, layout.width(), 0), 0);
        }
        return entries;
    }

    /// Whole pages, which are shared, and any others; what becomes of the list does not touch them.
    @Test
    void runsAreValues() {
        for (var layout : List.of(EntryLayout.fp8(96, 32), EntryLayout.fp4(64), EntryLayout.f32(5))) {
            var random = new Random(6);
            var list = filled(layout, 100, random);
            var copy = list.fork();
            var runs = List.of(list.run(0, 32), list.run(32, 32), list.run(64, 1), list.run(65, 0), list.run(65, 32));
            assertThat(runs.stream().mapToLong(EntryRun::bytes).sum()).isEqualTo(97L * layout.bytes());
            list.truncate(20);
            while (list.size() < 100) {
                list.append(values(random, layout.width(), 1), 0);
            }
            var joined = new HostEntries(layout);
            runs.forEach(joined::append);
            assertThat(joined.size()).isEqualTo(97);
            for (int i = 0; i < 97; i++) {
                assertThat(values(joined, i)).isEqualTo(values(copy, i));
            }
            joined.truncate(40);
            joined.append(values(random, layout.width(), 2), 0);
            var again = new HostEntries(layout);
            runs.forEach(again::append);
            assertThat(values(again, 40)).isEqualTo(values(copy, 40));
        }
    }

    @Test
    void aRunKeepsItsLayout() {
        var run = filled(EntryLayout.f32(5), 32, new Random(7)).run(0, 32);
        assertThatThrownBy(() -> new HostEntries(EntryLayout.f32(6)).append(run))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("do not go into");
    }

    /// What is appended after a rewind is not looked at until all is there again that was.
    @Test
    void rewoundEntriesStay() {
        for (var layout : List.of(EntryLayout.fp8(96, 32), EntryLayout.fp4(64), EntryLayout.f32(5))) {
            var random = new Random(8);
            var list = filled(layout, 70, random);
            var copy = list.fork();
            list.rewind(30);
            assertThat(list.size()).isEqualTo(30);
            assertThat(values(list, 69)).isEqualTo(values(copy, 69));
            assertThat(list.bytes()).isEqualTo(copy.bytes());
            byte[] stored = new byte[layout.bytes()];
            var fork = list.fork();
            for (int i = 30; i < 70; i += 2) {
                list.append(values(random, layout.width(), 3), 0);
                list.appendStored(stored);
            }
            list.append(values(copy, 0), 0);
            assertThat(list.size()).isEqualTo(71);
            for (int i = 0; i < 70; i++) {
                assertThat(values(list, i)).isEqualTo(values(copy, i));
            }
            assertThat(values(list, 70)).isEqualTo(values(copy, 0));
            fork.truncate(10);
            fork.append(values(copy, 1), 0);
            assertThat(values(fork, 10)).isEqualTo(values(copy, 1));
        }
    }

    private static float[] values(Entries entries, int index) {
        float[] values = new float[entries.layout().width()];
        entries.read(index, values);
        return values;
    }
}
