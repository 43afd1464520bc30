package ai.hadal.model;

import ai.hadal.tensor.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A checkpoint's weights in the architecture's terms. Matrices stay mapped in their stored format; vectors (norms,
/// sinks, biases, positional tables of compressors) are small and decoded to float.
///
/// @param embed `[V, D]`
/// @param head `[V, D]`, untied
/// @param hcHead fn `[S, S*D]`, base `[S]`, scale `[1]`
/// @param norm `[D]`
/// @param layers the L main blocks
/// @param mtp the MTP blocks, empty when the checkpoint stores none
public record ModelWeights(
        Weight embed, Weight head, HyperConnection hcHead, float[] norm, List<Layer> layers, List<Mtp> mtp) {

    /// Hyper-connection parameters: fn `[(2+S)S, S*D]`, base `[(2+S)S]`, scale `[3]` (pre, post, comb); for a head
    /// fn `[S, S*D]`, base `[S]`, scale `[1]`.
    public record HyperConnection(Weight fn, float[] base, float[] scale) {}

    /// One block.
    ///
    /// @param index its number; an MTP block's is L + its own
    /// @param ratio 0, 4 or 128
    public record Layer(
            int index,
            int ratio,
            HyperConnection hcAttention,
            float[] attentionNorm,
            Attention attention,
            HyperConnection hcFfn,
            float[] ffnNorm,
            Moe moe) {}

    /// Attention of a block: wqA `[rq, D]`, qNorm `[rq]`, wqB `[H*d, rq]`, wkv `[d, D]`, kvNorm `[d]`, sink `[H]`,
    /// woA `[G*ro, H*d/G]`, woB `[D, G*ro]`; a compressor for ratio 4 and 128, an indexer for ratio 4.
    public record Attention(
            Weight wqA,
            float[] qNorm,
            Weight wqB,
            Weight wkv,
            float[] kvNorm,
            float[] sink,
            Weight woA,
            Weight woB,
            @Nullable Compressor compressor,
            @Nullable Indexer indexer) {}

    /// A compressor of output width w: wkv and wgate `[c*w, D]`, ape `[ratio, c*w]` row major, norm `[w]`; c is 2
    /// for ratio 4 and 1 for ratio 128.
    public record Compressor(int ratio, int width, Weight wkv, Weight wgate, float[] ape, float[] norm) {}

    /// The lightning indexer: wqB `[Hi*di, rq]`, weightsProj `[Hi, D]` and a compressor of width di.
    public record Indexer(Weight wqB, Weight weightsProj, Compressor compressor) {}

    /// Experts of a block: gate `[E, D]`, bias `[E]` (null in hash blocks), hash table (null elsewhere), E routed
    /// experts and the shared one.
    public record Moe(
            Weight gate, float @Nullable [] bias, @Nullable HashTable hash, List<Expert> experts, Expert shared) {}

    /// One expert: w1 (gate) and w3 (up) `[F, D]`, w2 (down) `[D, F]`.
    public record Expert(Weight w1, Weight w2, Weight w3) {}

    /// The experts of each token id in a hash block.
    public interface HashTable {
        /// The expert in slot `0 .. k-1` of a token id.
        int expert(int tokenId, int slot);
    }

    /// An MTP block: eProj and hProj `[D, D]`, enorm and hnorm `[D]`, its own head parameters and final norm.
    public record Mtp(
            Layer layer,
            Weight eProj,
            Weight hProj,
            float[] enorm,
            float[] hnorm,
            HyperConnection hcHead,
            float[] norm) {}
}
