package ai.hadal.train.data;

import ai.hadal.error.HadalException;
import ai.hadal.train.nano.Draw;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Random choices, each as likely as its share of the weights.
final class Weighted<T> {

    private final List<T> choices = new ArrayList<>();
    private final List<Double> sums = new ArrayList<>();
    private double total;

    /// @param what the choices, for errors
    /// @param weights in an order that never changes; a choice of weight 0 is never made
    Weighted(String what, Map<T, Double> weights) {
        weights.forEach((choice, weight) -> {
            check(what + " '" + choice + "'", weight);
            if (weight > 0) {
                total += weight;
                choices.add(choice);
                sums.add(total);
            }
        });
        if (choices.isEmpty()) {
            throw new HadalException("no " + what + " has a weight above 0; give at least one of them one");
        }
    }

    static void check(String what, double weight) {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new HadalException(
                    "the weight " + weight + " of " + what + " is no share; give a number that is not negative");
        }
    }

    T pick(Draw draw) {
        double at = draw.integer(0, Integer.MAX_VALUE) / 0x1p31 * total;
        int i = 0;
        while (i < sums.size() - 1 && sums.get(i) <= at) {
            i++;
        }
        return choices.get(i);
    }
}
