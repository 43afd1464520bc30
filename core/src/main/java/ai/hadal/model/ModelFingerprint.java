package ai.hadal.model;

import ai.hadal.tensor.Weight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/// Identifies what a sequence's numbers depend on: arithmetic, profile, shape, and the checkpoint by its vectors,
/// the format and shape of every matrix, and bytes sampled from the matrices that every token uses and from one
/// expert a block. Enough to tell checkpoints and quantisations of one model apart; reading all weights would cost
/// minutes.
final class ModelFingerprint {

    /// Bytes sampled from a matrix.
    private static final int SAMPLE = 256;

    private final MessageDigest digest = Sha256.digest();

    private ModelFingerprint() {}

    static String of(Model model) {
        var print = new ModelFingerprint();
        print.model(model);
        return HexFormat.of().formatHex(print.digest.digest());
    }

    private void model(Model model) {
        var config = model.config();
        text(model.backend().arithmetic() + " " + model.numerics().name() + " " + config.hiddenSize() + " "
                + config.layers() + " " + config.vocabSize() + " " + config.slidingWindow() + " " + config.indexTopK()
                + " " + model.weights().mtp().size());
        var weights = model.weights();
        sampled(weights.embed());
        sampled(weights.head());
        vector(weights.norm());
        for (var layer : weights.layers()) {
            layer(layer);
        }
    }

    private void layer(ModelWeights.Layer layer) {
        vector(layer.attentionNorm());
        vector(layer.ffnNorm());
        vector(layer.hcAttention().base());
        var attention = layer.attention();
        vector(attention.sink());
        sampled(attention.wqA());
        sampled(attention.wqB());
        sampled(attention.wkv());
        sampled(attention.woA());
        sampled(attention.woB());
        var moe = layer.moe();
        sampled(moe.gate());
        sampled(moe.shared().w1());
        sampled(moe.experts().getFirst().w1());
        sampled(moe.experts().getLast().w2());
        for (var expert : moe.experts()) {
            text(shape(expert.w1()) + shape(expert.w2()) + shape(expert.w3()));
        }
    }

    private static String shape(Weight w) {
        return w.format() + "[" + w.rows() + "," + w.cols() + "]";
    }

    /// Format, shape and bytes from the middle.
    private void sampled(Weight w) {
        text(shape(w));
        long from = Math.max(0, w.data().byteSize() / 2 - SAMPLE / 2);
        long n = Math.min(SAMPLE, w.data().byteSize() - from);
        digest.update(w.data().asSlice(from, n).asByteBuffer());
    }

    private void vector(float[] values) {
        var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes.array());
    }

    private void text(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
    }
}
