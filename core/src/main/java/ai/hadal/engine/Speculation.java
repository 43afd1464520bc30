package ai.hadal.engine;

/// Where drafts come from: tokens that are guessed and then verified together in one step. Drafts change how fast a
/// text grows, never what it says.
public enum Speculation {

    /// Every source there is; each is used while it is measured to pay.
    AUTO,
    /// None: a step for each token.
    OFF,
    /// What followed the last tokens where they stood in the text before.
    LOOKUP,
    /// The checkpoint's multi-token-prediction block.
    MTP
}
