package ai.hadal.engine;

/// Token counts of one generation.
///
/// @param prompt tokens of the prompt
/// @param cached those of them that were already in the session
/// @param reasoning generated tokens up to the end of reasoning, part of `output`
/// @param output generated tokens, the end-of-turn token included
public record Usage(long prompt, long cached, long reasoning, long output) {}
