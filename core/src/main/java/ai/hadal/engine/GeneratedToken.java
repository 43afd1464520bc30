package ai.hadal.engine;

import org.jspecify.annotations.Nullable;

/// One generated token.
///
/// @param id the token
/// @param text the text that became certain with it: whole code points, and nothing that could still turn out to be
///     a stop string; empty while either is open
/// @param logprobs null unless asked for
public record GeneratedToken(int id, String text, @Nullable TokenLogprobs logprobs) {}
