package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Entries alone and the last tokens give a sequence back, bit by bit, and not one token fewer would do.
class ReplayTest {

    private static final int TEXT = 768;

    private static Parts open(int window) {
        return open("flash-tiny-fp4", "cpu", Numerics.F32, window, true);
    }

    private static Parts open(String model, String backend, Numerics numerics, int window, boolean mtp) {
        var golden = GoldenModel.open(model, backend, 2, numerics, c -> Reshaped.window(c, window, mtp))
                .orElseThrow();
        return new Parts(
                golden,
                new Random(4)
                        .ints(TEXT + 100, 0, golden.model.config().vocabSize())
                        .toArray());
    }

    /// Windows narrower than a CSA block's rows, narrower and wider than an HCA block.
    @ParameterizedTest
    @CsvSource({
        "f32,16,true",
        "f32,16,false",
        "f32,3,true",
        "f32,40,false",
        "f32-qat-off,16,true",
        "f32-qat-full,16,true",
        "f32-qat-full,100,true",
        "int8,16,true",
    })
    void replayedOnesContinue(String profile, int window, boolean mtp) {
        var parts = open("flash-tiny-fp4", "cpu", numerics(profile), window, mtp);
        try (var golden = parts.golden()) {
            var model = golden.model;
            var blocks = Parts.blocks(parts.cold(TEXT), TEXT / EntryBlock.TOKENS);
            var cold = model.newSequence();
            var random = new Random(window);
            for (int length : new int[] {0, 1, 128, 200, 255, 256, 257, 383, 384, 385, 511, 640, 700, 703, 768}) {
                var replayed = model.replay(blocks, length);
                assertThat(replayed.length()).isEqualTo(Replay.start(model.config(), length));
                assertThat(replayed.replaying()).isEqualTo(length > 0);
                while (replayed.length() < length) {
                    parts.feed(replayed, Math.min(length, (int) replayed.length() + 1 + random.nextInt(150)), 150);
                }
                assertThat(replayed.replaying()).isFalse();
                assertThat(replayed.rollbackFloor()).isEqualTo(length);
                parts.feed(cold, length, TEXT);
                assertThat(Parts.bytes(replayed.snapshot()::write)).isEqualTo(Parts.bytes(cold.snapshot()::write));
                parts.assertContinuesAlike(replayed, cold.fork(), 60);
            }
        }
    }

    /// In scalar code.
    @Test
    void theReferenceContinuesToo() {
        var parts = open("flash-tiny", "reference", Numerics.F32, 5, true);
        try (var golden = parts.golden()) {
            var blocks = Parts.blocks(parts.cold(256), 2);
            for (int length : new int[] {201, 256}) {
                var replayed = golden.model.replay(blocks, length);
                parts.feed(replayed, length, 11);
                parts.assertContinuesAlike(replayed, parts.cold(length), 20);
            }
        }
    }

    private static Numerics numerics(String profile) {
        return switch (profile) {
            case "f32" -> Numerics.F32;
            case "f32-qat-off" -> Numerics.F32_QAT_OFF;
            case "f32-qat-full" -> Numerics.F32_QAT_FULL;
            default -> Numerics.INT8;
        };
    }

    /// A step may go over the end of the replay.
    @Test
    void oneStepReplaysAndGoesOn() {
        var parts = open(16);
        try (var golden = parts.golden()) {
            var blocks = Parts.blocks(parts.cold(TEXT), TEXT / EntryBlock.TOKENS);
            for (int length : new int[] {384, 450}) {
                var replayed = golden.model.replay(blocks, length);
                var rows = parts.feed(replayed, length + 40, TEXT);
                var cold = parts.feed(golden.model.newSequence(), length + 40, TEXT);
                assertThat(rows.subList(rows.size() - 40, rows.size()).toArray(new float[0][]))
                        .isDeepEqualTo(cold.subList(length, length + 40).toArray(new float[0][]));
            }
        }
    }

    /// The start is the latest possible one, on and off the ends of blocks.
    @ParameterizedTest
    @CsvSource({"16", "3", "40"})
    void oneTokenFewerIsTooFew(int window) {
        var parts = open(window);
        try (var golden = parts.golden()) {
            var model = golden.model;
            var blocks = Parts.blocks(parts.cold(TEXT), TEXT / EntryBlock.TOKENS);
            for (int length : new int[] {384, 450, 640, 701}) {
                long start = Replay.start(model.config(), length);
                assertThat(start).isPositive();
                byte[] cold = Parts.bytes(parts.cold(length).snapshot()::write);
                for (int late = 0; late < 2; late++) {
                    var replayed = Replay.of(model, blocks, length, start + late);
                    parts.feed(replayed, length, TEXT);
                    boolean same = Arrays.equals(Parts.bytes(replayed.snapshot()::write), cold);
                    assertThat(same).as("%d tokens, %d too late", length, late).isEqualTo(late == 0);
                }
            }
        }
    }

    /// At the end of a block of tokens it is a window less one for each block of the model.
    @Test
    void start() {
        var parts = open(16);
        try (var golden = parts.golden()) {
            var c = golden.model.config();
            assertThat(Replay.start(c, 0)).isZero();
            assertThat(Replay.start(c, 90)).isZero();
            assertThat(Replay.start(c, 91)).isZero();
            assertThat(Replay.start(c, 512)).isEqualTo(512 - 15 * c.layers());
            // The last block is an HCA block, which needs all rows since the last whole one.
            assertThat(c.compressRatios()[c.layers() - 1]).isEqualTo(128);
            assertThat(Replay.start(c, 600)).isEqualTo(512 - 15 * (c.layers() - 1));
        }
    }

    @Test
    void untilItsEndItIsNoSequenceToKeep() {
        var parts = open(16);
        try (var golden = parts.golden()) {
            var cold = parts.cold(256);
            var blocks = Parts.blocks(cold, 2);
            var replayed = golden.model.replay(blocks, 250);
            parts.feed(replayed, 240, 100);
            assertThatThrownBy(replayed::snapshot)
                    .hasMessageContaining("cannot be remembered at 240 tokens; process its tokens up to 250");
            assertThatThrownBy(() -> Parts.saved(replayed)).hasMessageContaining("cannot be saved");
            assertThatThrownBy(() -> replayed.withdraw(239)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> replayed.rollback(239)).hasMessageContaining("cannot be rolled back");
            var fork = replayed.fork();
            assertThat(fork.replaying()).isTrue();
            parts.feed(fork, 250, 3);
            parts.assertContinuesAlike(fork, parts.cold(250), 30);
            replayed.rollback(0);
            assertThat(replayed.replaying()).isFalse();
            parts.assertContinuesAlike(replayed, golden.model.newSequence(), 150);
            assertThatThrownBy(() -> golden.model.replay(blocks, 257)).hasMessageContaining("2 blocks do not cover");
        }
    }

    /// Drafts beyond the end of a replay are taken back as ever.
    @Test
    void draftsAfterwards() {
        var parts = open(16);
        try (var golden = parts.golden()) {
            var replayed = golden.model.replay(Parts.blocks(parts.cold(256), 2), 256);
            parts.feed(replayed, 250, 100);
            parts.feed(replayed, 260, 100);
            assertThatThrownBy(() -> replayed.withdraw(255)).isInstanceOf(IllegalArgumentException.class);
            replayed.withdraw(257);
            parts.assertContinuesAlike(replayed, parts.cold(257), 30);
        }
    }
}
