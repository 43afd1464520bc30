package ai.hadal.train.synth;

import ai.hadal.error.HadalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Shapes to measure engines on.
public enum SynthPreset {
    /// Ten layers of half the width of V4-Flash, 2.7 GB with 4-bit experts: what fits any machine.
    MID,
    /// Four layers with the true dimensions of V4-Flash, 15.5 GB with 4-bit experts.
    SLICE;

    /// The preset of a name.
    ///
    /// @throws HadalException for any other name
    public static SynthPreset named(String name) {
        return Arrays.stream(values())
                .filter(preset -> preset.label().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new HadalException("there is no preset `" + name + "`; choose "
                        + Arrays.stream(values()).map(SynthPreset::label).collect(Collectors.joining(", "))
                        + ", or give a config.json with --config"));
    }

    /// The preset's name on the command line.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
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
