package ai.hadal.train.synth;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import ai.hadal.train.quantize.Labelled;

/// What a checkpoint of random weights can be written as.
public enum SynthFormat implements Labelled {
    /// A folder in the official layout: matrices in FP8, routed experts in FP4, small parts in BF16 and F32.
    OFFICIAL(Format.F4_E2M1),
    /// A GGUF file, as the others: the format is that of routed experts, other matrices are in `Q8_0`.
    MXFP4(Format.MXFP4),
    Q8_0(Format.Q8_0),
    Q6_K(Format.Q6_K),
    Q4_K(Format.Q4_K),
    Q2_K(Format.Q2_K),
    IQ2_XXS(Format.IQ2_XXS),
    BF16(Format.BF16),
    F16(Format.F16);

    private final Format experts;

    SynthFormat(Format experts) {
        this.experts = experts;
    }

    /// The format of a name, such as `q4_k`.
    ///
    /// @throws HadalException for any other name
    public static SynthFormat named(String name) {
        return Labelled.named(values(), name)
                .orElseThrow(() -> new HadalException(
                        "there is no format `" + name + "` to write; choose " + Labelled.all(values())));
    }

    Format experts() {
        return experts;
    }

    boolean isGguf() {
        return this != OFFICIAL;
    }
}
