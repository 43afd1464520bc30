package ai.hadal.backend;

import ai.hadal.tensor.Weight;

/// Parameters of one manifold-constrained hyper-connection (mHC).
///
/// @param fn `[(2+S)S, S*D]`, or `[S, S*D]` for a head
/// @param base one value a row of fn
/// @param scale pre, post, comb; one value for a head
/// @param streams S
/// @param iterations Sinkhorn iterations T
/// @param eps of the mixing weights
/// @param normEps of the norm over all streams
public record HyperConnection(
        Weight fn, float[] base, float[] scale, int streams, int iterations, float eps, float normEps) {}
