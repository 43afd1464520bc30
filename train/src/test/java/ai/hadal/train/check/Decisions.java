package ai.hadal.train.check;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// What a forward pass decides or holds constant: the experts and entries it chooses, and the values through which
/// no gradient flows. The first pass records them; later passes with perturbed parameters get the recorded ones, so
/// that a finite difference neither crosses a choice nor sees a constant move.
public final class Decisions {

    private final Map<String, int[][]> choices = new HashMap<>();
    private final Map<String, double[][]> constants = new HashMap<>();

    /// The recorded choice, or the one given now.
    int[][] choice(String key, Supplier<int[][]> now) {
        return choices.computeIfAbsent(key, _ -> now.get());
    }

    /// The recorded value, or the one given now.
    double[][] constant(String key, double[][] now) {
        return constants.computeIfAbsent(key, _ -> copy(now));
    }

    double[] constant(String key, double[] now) {
        return constant(key, new double[][] {now})[0];
    }

    private static double[][] copy(double[][] rows) {
        double[][] copy = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            copy[i] = rows[i].clone();
        }
        return copy;
    }

    /// The experts `[rows][k]` that a block (`layers.2.`, `mtp.0.`) chose for a document; a pass must have been.
    public int[][] experts(int document, String block) {
        return recorded(document + "/" + block + "experts");
    }

    /// The entries per row that a CSA block selected for a document; a pass must have been.
    public int[][] entries(int document, String block) {
        return recorded(document + "/" + block + "entries");
    }

    private int[][] recorded(String key) {
        int[][] choice = choices.get(key);
        if (choice == null) {
            throw new IllegalArgumentException("nothing was recorded for " + key);
        }
        return choice;
    }
}
