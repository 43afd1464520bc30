package ai.hadal.train.quantize;

/// How the power-of-two scales of FP4 groups are chosen.
public enum Scales {
    /// The smallest that fits the group's largest number: the rule by which quantisation-aware training rounds, so
    /// that what was trained is what is written.
    FITTING,
    /// That or half of it, whichever leaves the smaller squared error: for weights that never were rounded.
    CLOSEST
}
