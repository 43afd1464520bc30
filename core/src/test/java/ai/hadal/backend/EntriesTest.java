package ai.hadal.backend;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(entries.bytes()).isEqualTo(64 * 68);
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

    private static float[] values(Entries entries, int index) {
        float[] values = new float[entries.layout().width()];
        entries.read(index, values);
        return values;
    }
}
