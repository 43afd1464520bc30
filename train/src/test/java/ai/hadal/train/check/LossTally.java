package ai.hadal.train.check;

import java.util.Arrays;

/// Adds up loss terms while documents pass.
final class LossTally {

    private final int layers;
    private final double[] indexerSums;
    private final int[] indexerRows;
    private final double[] balanceSums;
    private double crossEntropy;
    private int tokens;
    private double mtp;
    private int mtpTokens;

    /// @param layers main blocks
    /// @param blocks main blocks and MTP blocks
    LossTally(int layers, int blocks) {
        this.layers = layers;
        indexerSums = new double[blocks];
        indexerRows = new int[blocks];
        balanceSums = new double[blocks];
    }

    void crossEntropy(double loss) {
        crossEntropy += loss;
        tokens++;
    }

    void mtp(double loss) {
        mtp += loss;
        mtpTokens++;
    }

    void indexer(int block, double loss) {
        indexerSums[block] += loss;
        indexerRows[block]++;
    }

    void balance(int block, double loss) {
        balanceSums[block] += loss;
    }

    Losses losses(int documents) {
        double indexer = 0;
        for (int l = 0; l < indexerSums.length; l++) {
            indexer += mean(indexerSums[l], indexerRows[l]);
        }
        return new Losses(
                mean(crossEntropy, tokens),
                mean(mtp, mtpTokens),
                mean(Arrays.stream(balanceSums, 0, layers).sum(), documents),
                mean(Arrays.stream(balanceSums, layers, balanceSums.length).sum(), documents),
                indexer);
    }

    private static double mean(double sum, int n) {
        return n == 0 ? 0 : sum / n;
    }
}
