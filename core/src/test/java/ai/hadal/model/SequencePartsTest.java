package ai.hadal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A sequence that was taken apart into blocks of entries and a snapshot goes on with the same bits.
class SequencePartsTest {

    private static Parts open(Numerics numerics) {
        return open("flash-tiny-fp4", "cpu", numerics);
    }

    private static Parts open(String model, String backend, Numerics numerics) {
        var golden = GoldenModel.open(model, backend, 2, numerics).orElseThrow();
        return new Parts(
                golden,
                new Random(3).ints(700, 0, golden.model.config().vocabSize()).toArray());
    }

    private static Numerics profile(String name) {
        return List.of(Numerics.F32, Numerics.F32_QAT_OFF, Numerics.F32_QAT_FULL, Numerics.INT8).stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"f32", "f32-qat-off", "f32-qat-full", "int8"})
    void restoredOnesContinue(String profile) {
        var parts = open(profile(profile));
        try (var golden = parts.golden()) {
            int window = golden.model.config().slidingWindow();
            var cold = golden.model.newSequence();
            for (int length : new int[] {0, 1, 3, 4, window - 1, window, 100, 127, 128, 129, 131, 132, 255, 256, 300}) {
                parts.feed(cold, length, 150);
                var restored = Parts.restored(cold);
                assertThat(restored.rollbackFloor()).isEqualTo(length);
                parts.assertContinuesAlike(restored, cold.fork(), 140);
            }
        }
    }

    /// In scalar code.
    @Test
    void theReferenceContinuesToo() {
        var parts = open("flash-tiny", "reference", Numerics.F32);
        try (var _ = parts.golden()) {
            for (int length : new int[] {1, 128, 131}) {
                var cold = parts.cold(length);
                parts.assertContinuesAlike(Parts.restored(cold), cold, 20);
            }
        }
    }

    /// Nor do the sequence and those made of its parts see each other.
    @Test
    void partsAreValues() {
        var parts = open(Numerics.F32);
        try (var golden = parts.golden()) {
            var sequence = parts.cold(256);
            var blocks = Parts.blocks(sequence, 2);
            var snapshot = sequence.snapshot();
            byte[] before = Parts.bytes(blocks.get(1)::write);
            sequence.rollback(250);
            golden.logits(sequence, Arrays.copyOf(parts.ids(), 30));
            var restored = golden.model.restore(blocks, snapshot);
            golden.logits(restored, Arrays.copyOf(parts.ids(), 10));
            restored.rollback(256);
            assertThat(Parts.bytes(blocks.get(1)::write)).isEqualTo(before);
            parts.assertContinuesAlike(golden.model.restore(blocks, snapshot), parts.cold(256), 40);
            parts.assertContinuesAlike(restored, parts.cold(256), 40);
        }
    }

    @ParameterizedTest
    @CsvSource({"f32", "f32-qat-off"})
    void partsAreBytes(String profile) throws IOException {
        var parts = open(profile(profile));
        try (var golden = parts.golden()) {
            var model = golden.model;
            for (int length : new int[] {0, 2, 128, 131, 255}) {
                var cold = parts.cold(length);
                var blocks = new ArrayList<EntryBlock>();
                for (var block : Parts.blocks(cold, length / EntryBlock.TOKENS)) {
                    byte[] bytes = Parts.bytes(block::write);
                    blocks.add(EntryBlock.read(model, Parts.input(bytes)));
                    assertThat(Parts.bytes(blocks.getLast()::write)).isEqualTo(bytes);
                    assertThat(blocks.getLast().bytes()).isEqualTo(block.bytes());
                    assertThatThrownBy(
                                    () -> EntryBlock.read(model, Parts.input(Arrays.copyOf(bytes, bytes.length - 1))))
                            .isInstanceOf(EOFException.class);
                }
                var snapshot = cold.snapshot();
                byte[] bytes = Parts.bytes(snapshot::write);
                var read = WindowSnapshot.read(model, Parts.input(bytes));
                assertThat(Parts.bytes(read::write)).isEqualTo(bytes);
                assertThat(read.bytes()).isEqualTo(snapshot.bytes());
                assertThatThrownBy(
                                () -> WindowSnapshot.read(model, Parts.input(Arrays.copyOf(bytes, bytes.length - 1))))
                        .isInstanceOf(EOFException.class);
                parts.assertContinuesAlike(model.restore(blocks, read), cold, 40);
            }
        }
    }

    @Test
    void damagedSnapshotsAreRefused() {
        var parts = open(Numerics.F32);
        try (var golden = parts.golden()) {
            byte[] bytes = Parts.bytes(parts.cold(20).snapshot()::write);
            byte[] form = bytes.clone();
            form[8] = 7;
            assertThatThrownBy(() -> WindowSnapshot.read(golden.model, Parts.input(form)))
                    .hasMessageContaining("unknown form");
            byte[] length = bytes.clone();
            length[0] = -1;
            assertThatThrownBy(() -> WindowSnapshot.read(golden.model, Parts.input(length)))
                    .hasMessageContaining("length is impossible");
        }
    }

    /// Codes and scales of a rounded entry, floats of a raw row: nothing else is counted, and nothing left
    /// out.
    @Test
    void bytesAreExact() {
        var parts = open(Numerics.F32);
        try (var golden = parts.golden()) {
            var c = golden.model.config();
            int entry = c.headDim() - c.ropeDim() + 4 * c.ropeDim() + Math.ceilDiv(c.headDim() - c.ropeDim(), 64);
            int key = c.indexHeadDim() / 2 + c.indexHeadDim() / 32;
            int csa = 0;
            int hca = 0;
            for (int l = 0; l < c.layers(); l++) {
                csa += c.compressRatios()[l] == 4 ? 1 : 0;
                hca += c.compressRatios()[l] == 128 ? 1 : 0;
            }
            var cold = parts.cold(256);
            assertThat(cold.block(1).bytes()).isEqualTo(csa * 32 * (entry + key) + hca * entry + 64L * (2 * csa + hca));
            long windows = (long) c.layers() * (c.slidingWindow() - 1) * entry;
            long rows = 4L * 2 * csa * 4 * (2 * c.headDim() + 2 * c.indexHeadDim());
            int lists = c.layers() + 3 * (2 * csa + hca);
            assertThat(cold.snapshot().bytes()).isEqualTo(windows + rows + 64L * lists);
            assertThat(SequenceSize.blockBytes(c, Numerics.F32))
                    .isEqualTo(cold.block(1).bytes());
            assertThat(SequenceSize.snapshotBytes(c, Numerics.F32))
                    .isEqualTo(cold.snapshot().bytes());
            parts.feed(cold, 257, 1);
            assertThat(cold.snapshot().bytes())
                    .isEqualTo(windows
                            + rows
                            + 4L * 2 * csa * (2 * c.headDim() + 2 * c.indexHeadDim())
                            + 4L * 2 * hca * c.headDim()
                            + 64L * lists);
        }
    }

    /// Rows that codes cannot hold are kept as floats.
    @Test
    void windowsLoseNothing() {
        var parts = open(Numerics.F32);
        try (var golden = parts.golden()) {
            var cold = parts.cold(40);
            long asCodes = cold.snapshot().bytes();
            float[] row = new float[golden.model.config().headDim()];
            cold.layer(1).window().read(33, row);
            row[5] = 0.123456789f;
            cold.layer(1).window().write(33, row);
            var restored = Parts.restored(cold);
            float[] read = new float[row.length];
            restored.layer(1).window().read(33, read);
            assertThat(read).isEqualTo(row);
            assertThat(cold.snapshot().bytes()).isGreaterThan(asCodes);
            parts.assertContinuesAlike(restored, cold, 40);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        var parts = open(Numerics.F32);
        try (var golden = parts.golden();
                var other =
                        GoldenModel.open("flash-tiny", "cpu", 1, Numerics.F32).orElseThrow()) {
            var cold = parts.cold(140);
            assertThatThrownBy(() -> cold.block(1)).hasMessageContaining("no whole block 1");
            assertThatThrownBy(() -> cold.block(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> golden.model.restore(List.of(), cold.snapshot()))
                    .hasMessageContaining("does not follow 0 blocks");
            assertThatThrownBy(() -> other.model.restore(List.of(cold.block(0)), cold.snapshot()))
                    .hasMessageContaining("another model");
        }
    }
}
