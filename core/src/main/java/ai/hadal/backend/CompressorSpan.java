package ai.hadal.backend;

/// The rows of one sequence inside a step, as a compressor sees them.
///
/// @param row first row of the step's activations
/// @param rows how many
/// @param position absolute position of the first row
/// @param values raw value rows before `position`; receives the step's own
/// @param gates raw gate rows (positional table included) before `position`; receives the step's own
/// @param entries receives the entries that this step completes
public record CompressorSpan(int row, int rows, long position, Ring values, Ring gates, Entries entries) {}
