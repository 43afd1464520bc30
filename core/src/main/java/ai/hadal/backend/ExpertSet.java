package ai.hadal.backend;

import ai.hadal.tensor.Weight;

/// The experts of one block.
///
/// @param gate w1 of every expert `[F, D]`
/// @param up w3 of every expert `[F, D]`
/// @param down w2 of every expert `[D, F]`
/// @param limit SwiGLU clamp of these experts, 0 for none
public record ExpertSet(Weight[] gate, Weight[] up, Weight[] down, float limit) {}
