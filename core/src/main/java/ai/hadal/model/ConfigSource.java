package ai.hadal.model;

import ai.hadal.error.HadalException;

/// A configuration file's values by field. Getters check the field's own range.
interface ConfigSource {

    /// A required integer.
    int integer(ConfigField field);

    /// A required number.
    double number(ConfigField field);

    /// Main blocks.
    int layers();

    /// MTP blocks that the checkpoint holds.
    int mtpLayers();

    /// Compression ratios of at least [#layers] + [#mtpLayers] blocks.
    int[] compressRatios();

    /// One clamp per block for [#layers] + [#mtpLayers] blocks.
    float[] swigluLimits(ConfigField field);

    /// YaRN's scaling; a factor of 1 when there is none.
    ModelConfig.Yarn yarn();

    /// Vocabulary entries.
    int vocabSize();

    /// Settings that must have the one value our arithmetic knows.
    void checkFixedSettings();

    /// A complaint about a field.
    ///
    /// @param found the value found
    /// @param wanted what is accepted
    HadalException wrong(ConfigField field, Object found, String wanted);
}
