package ai.hadal.model;

import ai.hadal.checkpoint.GgufCheckpoint;
import ai.hadal.error.HadalException;
import ai.hadal.model.GgufNames.Place;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import ai.hadal.tensor.Weight;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tensors of a GGUF checkpoint, and of the file of its MTP blocks when that is another one. Experts are slices of
/// the tensors that stack them; the two halves of an MTP block's joint projection are column slices.
final class GgufWeights implements WeightSource {

    private final GgufCheckpoint main;
    private final GgufCheckpoint mtp;
    private final ModelConfig config;

    GgufWeights(GgufCheckpoint main, @Nullable GgufCheckpoint mtpFile, ModelConfig config) {
        this.main = main;
        this.mtp = mtpFile == null ? main : mtpFile;
        this.config = config;
    }

    private GgufCheckpoint file(String name) {
        return name.startsWith("mtp.") ? mtp : main;
    }

    private @Nullable Place place(String name) {
        for (Place place : GgufNames.places(name, config.layers())) {
            if (GgufNames.holds(file(name), place.file())) {
                return place;
            }
        }
        return null;
    }

    private Tensor tensor(String name, Place place) {
        Tensor tensor = file(name).tensors().get(place.file());
        if (tensor == null) {
            throw wrong(
                    name,
                    "is stored as " + file(name).unsupported().get(place.file())
                            + ", which Hadal does not read (it reads F32, F16, BF16, Q8_0, Q6_K, Q4_K, Q2_K, IQ2_XXS and "
                            + "MXFP4)");
        }
        return tensor;
    }

    @Override
    public @Nullable Stored find(String name) {
        Place place = place(name);
        if (place == null) {
            return null;
        }
        Tensor tensor = tensor(name, place);
        long bytes = tensor.data().byteSize();
        if (name.startsWith("mtp.") && mtp == main && GgufNames.isRoot(place.file())) {
            // Shared with the main model, which counts it.
            bytes = 0;
        } else if (place.expert() >= 0) {
            bytes /= config.experts();
        } else if (place.half() >= 0) {
            bytes /= 2;
        }
        return new Stored(tensor, bytes);
    }

    @Override
    public Weight matrix(String name, int rows, int cols) {
        Place place = place(name);
        if (place == null) {
            throw missing(name);
        }
        Tensor tensor = tensor(name, place);
        Format format = tensor.format();
        if (!format.isWeight()) {
            throw wrong(name, "is stored as " + format + ", which is no weight");
        }
        if (place.expert() >= 0) {
            checkShape(name, tensor, config.experts(), rows, cols);
            long bytes = rows * format.bytes(cols);
            return new Weight(
                    tensor.name() + "[" + place.expert() + "]",
                    format,
                    rows,
                    cols,
                    format.bytes(cols),
                    tensor.data().asSlice(place.expert() * bytes, bytes),
                    null);
        }
        if (place.half() >= 0) {
            return half(name, tensor, place, rows, cols);
        }
        checkShape(name, tensor, rows, cols);
        return new Weight(tensor.name(), format, rows, cols, format.bytes(cols), tensor.data(), null);
    }

    private Weight half(String name, Tensor tensor, Place place, int rows, int cols) {
        checkShape(name, tensor, rows, 2L * cols);
        Format format = tensor.format();
        if (cols % format.blockElements() != 0) {
            throw wrong(name, "has halves of " + cols + " columns, no whole blocks of " + format);
        }
        long stride = format.bytes(2L * cols);
        long bytes = (rows - 1) * stride + format.bytes(cols);
        return new Weight(
                tensor.name() + (place.half() == 0 ? "[left]" : "[right]"),
                format,
                rows,
                cols,
                stride,
                tensor.data().asSlice(place.half() * format.bytes(cols), bytes),
                null);
    }

    private void checkShape(String name, Tensor tensor, long... shape) {
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw wrong(
                    name,
                    "has the shape " + Arrays.toString(tensor.shape()) + " where " + Arrays.toString(shape)
                            + " is needed (row major, the reverse of GGUF's order)");
        }
    }

    @Override
    public HadalException missing(String name) {
        List<Place> places = GgufNames.places(name, config.layers());
        return new HadalException(file(name).path() + " lacks the tensor "
                + (places.isEmpty() ? name : places.getFirst().file())
                + "; use a complete file converted for DeepSeek-V4");
    }

    @Override
    public HadalException wrong(String name, String what) {
        Place place = place(name);
        String stored = place == null ? name : place.file();
        return new HadalException(file(name).fileOf(stored) + ": tensor " + stored + " " + what
                + "; use another file converted for DeepSeek-V4");
    }
}
