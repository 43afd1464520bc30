package ai.hadal.train.synth;

import ai.hadal.error.HadalException;
import ai.hadal.train.quantize.Labelled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Shapes to measure engines on.
public enum SynthPreset implements Labelled {
    /// Ten layers of half the width of V4-Flash, 2.7 GB with 4-bit experts: what fits any machine.
    MID,
    /// Four layers with the true dimensions of V4-Flash, 15.5 GB with 4-bit experts.
    SLICE;

    /// The preset of a name.
    ///
    /// @throws HadalException for any other name
    public static SynthPreset named(String name) {
        return Labelled.named(values(), name)
                .orElseThrow(() -> new HadalException("there is no preset `" + name + "`; choose "
                        + Labelled.all(values())
                        + ", or give a config.json with --config"));
    }

    /// The text of its `config.json`.
    public String config() {
        try (var stream = SynthPreset.class.getResourceAsStream(label() + ".json")) {
            if (stream == null) {
                throw new IllegalStateException("preset " + label() + " is missing");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
