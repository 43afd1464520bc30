package ai.hadal.engine.prefix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.model.Numerics;
import ai.hadal.model.PublishedConfigs;
import ai.hadal.model.Replay;
import ai.hadal.model.SequenceSize;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// How often a long text is worth a snapshot, of models of all sizes.
class SnapshotIntervalTest {

    /// Official V4-Flash: two SWA blocks, then CSA and HCA by turns. A snapshot is worth nine blocks, a
    /// replay 5461 tokens.
    @Test
    void periodic() {
        var flash = PublishedConfigs.flash(128, PublishedConfigs.byTurns(43));
        assertThat(Replay.start(flash, 12800)).isEqualTo(12800 - 43 * 127);
        assertThat((double) SequenceSize.snapshotBytes(flash, Numerics.F32)
                        / SequenceSize.blockBytes(flash, Numerics.F32))
                .isBetween(8.0, 9.0);
        assertThat(SnapshotInterval.of(flash, Numerics.F32).tokens()).isEqualTo(9 * 128);
    }

    /// Entries as floats and narrow windows: a snapshot is smaller than a block.
    @Test
    void full() {
        int[] ratios = new int[12];
        Arrays.fill(ratios, 4);
        assertThat(SnapshotInterval.of(PublishedConfigs.flash(16, ratios), Numerics.F32_QAT_OFF)
                        .tokens())
                .isEqualTo(128);
    }

    /// Few blocks: to process a few windows again costs less than a snapshot saves.
    @Test
    void zero() {
        assertThat(SnapshotInterval.of(PublishedConfigs.flash(128, 0, 4, 128), Numerics.F32)
                        .tokens())
                .isZero();
        assertThat(SnapshotInterval.of(PublishedConfigs.flash(128, 0), Numerics.F32)
                        .tokens())
                .isZero();
    }

    @Test
    void boundaries() {
        var every256 = new SnapshotInterval(256);
        int[] wanted = {700, 300, 512};
        assertThat(every256.next(0, wanted, 800)).isEqualTo(256);
        assertThat(every256.next(255, wanted, 800)).isEqualTo(256);
        assertThat(every256.next(256, wanted, 800)).isEqualTo(300);
        assertThat(every256.next(300, wanted, 800)).isEqualTo(512);
        assertThat(every256.next(512, wanted, 800)).isEqualTo(700);
        assertThat(every256.next(700, wanted, 800)).isEqualTo(768);
        assertThat(every256.next(768, wanted, 800)).isEqualTo(800);
        assertThat(every256.next(0, new int[0], 100)).isEqualTo(100);
        assertThat(every256.next(Integer.MAX_VALUE - 2, new int[0], Integer.MAX_VALUE))
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(new SnapshotInterval(0).next(0, wanted, 800)).isEqualTo(300);
        assertThatThrownBy(() -> every256.next(800, wanted, 800)).hasMessageContaining("between 800 and 800");
    }
}
