package ai.hadal.engine;

import org.jspecify.annotations.Nullable;

/// A finished generation.
///
/// @param ids the generated tokens, the end-of-turn token included
/// @param text their text up to the end of the turn or the stop string
/// @param reason why it ended
/// @param stop the stop string that was reached, if one was
/// @param usage token counts
/// @param prefillNanos time from the start to the first logits
/// @param decodeNanos time for the tokens after the first
/// @param drafted tokens that were guessed and verified ahead
/// @param accepted those of them that were right: so many steps were saved
public record GenerationResult(
        int[] ids,
        String text,
        FinishReason reason,
        @Nullable String stop,
        Usage usage,
        long prefillNanos,
        long decodeNanos,
        long drafted,
        long accepted) {}
