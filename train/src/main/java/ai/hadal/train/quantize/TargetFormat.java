package ai.hadal.train.quantize;

import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;

/// What a checkpoint can be written as.
public enum TargetFormat implements Labelled {
    /// A folder in the official layout: matrices in FP8, routed experts in FP4, small parts in BF16 and F32.
    OFFICIAL,
    /// A GGUF file, matrices in `Q8_0`.
    Q8_0,
    /// A GGUF file, routed experts in `Q4_K`, other matrices in `Q8_0`.
    Q4_K,
    /// A GGUF file, routed experts in `MXFP4`, other matrices in `Q8_0`.
    MXFP4;

    /// The format of a name, such as `q4_k`.
    ///
    /// @throws HadalException for any other name
    public static TargetFormat named(String name) {
        return Labelled.named(values(), name)
                .orElseThrow(() -> new HadalException(
                        "there is no format `" + name + "` to write; choose " + Labelled.all(values())));
    }

    /// What routed experts are stored in.
    Format experts() {
        return switch (this) {
            case OFFICIAL -> Format.F4_E2M1;
            case Q8_0 -> Format.Q8_0;
            case Q4_K -> Format.Q4_K;
            case MXFP4 -> Format.MXFP4;
        };
    }

    boolean isGguf() {
        return this != OFFICIAL;
    }
}
