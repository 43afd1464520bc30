package ai.hadal.cli;

import java.util.Arrays;
import tools.jackson.databind.node.ObjectNode;

/// Repeated measurements of one rate.
///
/// @param median the middle one
/// @param min the slowest
/// @param max the fastest
record Sample(double median, double min, double max) {

    /// @param rates at least one
    static Sample of(double[] rates) {
        double[] sorted = rates.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Sample(median, sorted[0], sorted[sorted.length - 1]);
    }

    void put(ObjectNode node) {
        node.put("median", median).put("min", min).put("max", max);
    }
}
