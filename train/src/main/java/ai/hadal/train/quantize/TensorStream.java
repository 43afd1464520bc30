package ai.hadal.train.quantize;

import ai.hadal.model.OfficialTensors;
import ai.hadal.model.TensorPlan.Planned;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Tensors on their way into a file. Bands of rows are encoded on all processors and written in order; no more than
/// a few of them are in memory at once, however large a tensor is.
final class TensorStream implements TensorBytes {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Numbers in a band: 8 MiB of floats.
    private static final int BAND_NUMBERS = 1 << 21;

    private final OfficialTensors tensors;
    private final Recoder recoder;
    private final QuantizeProgress progress;
    private final long total;
    private long done;
    private int copied;

    /// @param total bytes that will have been written in the end
    TensorStream(OfficialTensors tensors, Scales scales, QuantizeProgress progress, long total) {
        this.tensors = tensors;
        this.recoder = new Recoder(tensors, scales);
        this.progress = progress;
        this.total = total;
    }

    /// Tensors that were in their format already.
    int copied() {
        return copied;
    }

    private record Band(Planned planned, Weight weight, int from, int rows) {}

    @Override
    public byte[] write(List<Planned> parts, Format target, Consumer<MemorySegment> out) {
        var scales = new ByteArrayOutputStream();
        List<Band> bands = new ArrayList<>();
        for (var planned : parts) {
            if (!planned.parameters()) {
                table(planned, target, out);
                continue;
            }
            var weight = tensors.weight(planned);
            copied += weight.format() == target ? 1 : 0;
            bands.addAll(bands(planned, weight));
        }
        int atOnce = Runtime.getRuntime().availableProcessors();
        for (int first = 0; first < bands.size(); first += atOnce) {
            var some = bands.subList(first, Math.min(bands.size(), first + atOnce));
            try (var arena = Arena.ofShared()) {
                for (var encoded : encode(some, target, arena)) {
                    emit(encoded.data(), out);
                    var scale = encoded.scale();
                    if (scale != null) {
                        scales.writeBytes(scale.toArray(ValueLayout.JAVA_BYTE));
                    }
                }
            }
        }
        return scales.toByteArray();
    }

    @Override
    public void writeSideBySide(List<Planned> parts, Format target, Consumer<MemorySegment> out) {
        var weights = parts.stream().map(tensors::weight).toList();
        copied += (int) weights.stream().filter(w -> w.format() == target).count();
        for (var first : bands(parts.getFirst(), weights.getFirst())) {
            List<Band> side = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                side.add(new Band(parts.get(i), weights.get(i), first.from(), first.rows()));
            }
            try (var arena = Arena.ofShared()) {
                var encoded = encode(side, target, arena);
                long rowBytes = target.bytes(weights.getFirst().cols());
                for (int r = 0; r < first.rows(); r++) {
                    for (var part : encoded) {
                        emit(part.data().asSlice(r * rowBytes, rowBytes), out);
                    }
                }
            }
        }
    }

    private static List<Band> bands(Planned planned, Weight weight) {
        int height = Math.max(1, BAND_NUMBERS / weight.cols() / Recoder.TILE) * Recoder.TILE;
        List<Band> bands = new ArrayList<>();
        for (int from = 0; from < weight.rows(); from += height) {
            bands.add(new Band(planned, weight, from, Math.min(height, weight.rows() - from)));
        }
        return bands;
    }

    private List<Recoder.Encoded> encode(List<Band> bands, Format target, Arena arena) {
        return IntStream.range(0, bands.size())
                .parallel()
                .mapToObj(bands::get)
                .map(band -> recoder.encode(band.planned(), band.weight(), band.from(), band.rows(), target, arena))
                .toList();
    }

    private void emit(MemorySegment bytes, Consumer<MemorySegment> out) {
        out.accept(bytes);
        done += bytes.byteSize();
        progress.written(done, total);
    }

    @Override
    public void writeScales(byte[] scales, Consumer<MemorySegment> out) {
        emit(MemorySegment.ofArray(scales), out);
    }

    private void table(Planned planned, Format target, Consumer<MemorySegment> out) {
        int[] experts = tensors.table(planned);
        var bytes = MemorySegment.ofArray(new byte[Math.toIntExact(target.bytes(experts.length))]);
        for (int i = 0; i < experts.length; i++) {
            if (target == Format.I64) {
                bytes.setAtIndex(LONG, i, experts[i]);
            } else {
                bytes.setAtIndex(INT, i, experts[i]);
            }
        }
        copied++;
        emit(bytes, out);
    }
}
