package ai.hadal.train.synth;

import ai.hadal.model.ModelConfig;
import ai.hadal.model.TensorPlan.Planned;
import ai.hadal.tensor.Format;
import ai.hadal.train.quantize.QuantizeProgress;
import ai.hadal.train.quantize.TensorBytes;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Random numbers in stored formats. Each band of rows has bits of its own, so bands are made on all processors and
/// the file is the same on every machine.
final class RandomTensors implements TensorBytes {

    private static final int BAND_BYTES = 4 << 20;
    private static final int TILE = 128;
    private static final int FP4_GROUP = 32;

    /// What tensors have to share for their blocks to be made alike.
    private record Kind(Format format, Spread spread) {}

    private record Band(Planned tensor, Format format, int number, int rows) {}

    private final ModelConfig config;
    private final long seed;
    private final QuantizeProgress progress;
    private final long total;
    private final Map<Kind, Blocks> blocks = new ConcurrentHashMap<>();
    private long done;

    /// @param total bytes that will have been written in the end
    RandomTensors(ModelConfig config, long seed, QuantizeProgress progress, long total) {
        this.config = config;
        this.seed = seed;
        this.progress = progress;
        this.total = total;
    }

    @Override
    public byte[] write(List<Planned> parts, Format target, Consumer<MemorySegment> out) {
        var scales = new ByteArrayOutputStream();
        List<Band> bands = new ArrayList<>();
        for (var tensor : parts) {
            if (!tensor.parameters()) {
                emit(table(tensor, target), out);
                continue;
            }
            bands.addAll(bands(tensor, target));
            scales.writeBytes(scales(tensor, target));
        }
        int atOnce = 2 * Runtime.getRuntime().availableProcessors();
        for (int first = 0; first < bands.size(); first += atOnce) {
            made(bands.subList(first, Math.min(bands.size(), first + atOnce))).forEach(bytes -> emit(bytes, out));
        }
        return scales.toByteArray();
    }

    @Override
    public void writeScales(byte[] scales, Consumer<MemorySegment> out) {
        emit(scales, out);
    }

    @Override
    public void writeSideBySide(List<Planned> parts, Format target, Consumer<MemorySegment> out) {
        int rowBytes = Math.toIntExact(target.bytes(cols(parts.getFirst())));
        var bands = parts.stream().map(part -> bands(part, target)).toList();
        for (int b = 0; b < bands.getFirst().size(); b++) {
            int number = b;
            var side = made(bands.stream().map(list -> list.get(number)).toList());
            for (int at = 0; at < side.getFirst().length; at += rowBytes) {
                for (byte[] bytes : side) {
                    emit(Arrays.copyOfRange(bytes, at, at + rowBytes), out);
                }
            }
        }
    }

    private static int rows(Planned tensor) {
        return tensor.shape().length == 1 ? 1 : tensor.shape()[0];
    }

    private static int cols(Planned tensor) {
        return tensor.shape()[tensor.shape().length - 1];
    }

    private static List<Band> bands(Planned tensor, Format format) {
        int height = (int) Math.max(1, BAND_BYTES / format.bytes(cols(tensor)));
        List<Band> bands = new ArrayList<>();
        for (int from = 0; from < rows(tensor); from += height) {
            bands.add(new Band(tensor, format, bands.size(), Math.min(height, rows(tensor) - from)));
        }
        return bands;
    }

    private List<byte[]> made(List<Band> bands) {
        return IntStream.range(0, bands.size())
                .parallel()
                .mapToObj(bands::get)
                .map(this::made)
                .toList();
    }

    private byte[] made(Band band) {
        var format = band.format();
        byte[] bytes = new byte[Math.toIntExact(band.rows() * format.bytes(cols(band.tensor())))];
        blocks.computeIfAbsent(
                        new Kind(format, Spread.of(band.tensor())), kind -> Blocks.of(kind.format(), kind.spread()))
                .fill(bits(band.tensor(), band.number()), bytes, 0, bytes.length / format.blockBytes());
        return bytes;
    }

    private Bits bits(Planned tensor, int part) {
        return new Bits(seed, tensor.name(), part);
    }

    private byte[] scales(Planned tensor, Format format) {
        if (format != Format.F8_E4M3 && format != Format.F4_E2M1) {
            return new byte[0];
        }
        boolean tiles = format == Format.F8_E4M3;
        int rows = tiles ? Math.ceilDiv(rows(tensor), TILE) : rows(tensor);
        byte[] scales = new byte[rows * Math.ceilDiv(cols(tensor), tiles ? TILE : FP4_GROUP)];
        var scale = Blocks.PowerScale.of(format, Spread.of(tensor).deviation());
        var bits = bits(tensor, -1);
        for (int i = 0; i < scales.length; i++) {
            scales[i] = scale.random(bits);
        }
        return scales;
    }

    /// A hash layer's table: for each token the experts it goes to, all different.
    private byte[] table(Planned tensor, Format format) {
        int slots = cols(tensor);
        byte[] bytes = new byte[Math.toIntExact(format.bytes((long) rows(tensor) * slots))];
        var bits = bits(tensor, 0);
        int[] experts = IntStream.range(0, config.experts()).toArray();
        for (int token = 0; token < rows(tensor); token++) {
            for (int slot = 0; slot < slots; slot++) {
                int other = slot + bits.below(experts.length - slot);
                int chosen = experts[other];
                experts[other] = experts[slot];
                experts[slot] = chosen;
                // Little endian: the upper half of a long stays 0.
                Blocks.INT.set(bytes, format.blockBytes() * (token * slots + slot), chosen);
            }
        }
        return bytes;
    }

    private void emit(byte[] bytes, Consumer<MemorySegment> out) {
        out.accept(MemorySegment.ofArray(bytes));
        done += bytes.length;
        progress.written(done, total);
    }
}
