package ai.hadal.train.optimizer;

import ai.hadal.train.model.Parameter;
import ai.hadal.train.model.Parameters;
import java.util.ArrayList;
import java.util.List;

/// Muon for matrices and AdamW for token tables, vectors and positional tables, with the settings of the report.
/// State is two flat arrays in the order of the parameters: the momentum of matrices and the first moment of the
/// rest, and the second moment of the rest.
///
/// Every parameter's update is computed whole by one thread, so the number of threads changes no bit.
///
/// Source: report, section 2.4.
public final class Optimizer {

    /// @param weightDecay of matrices and token tables
    /// @param tokenRate the rate of token tables as a multiple of the schedule's
    /// @param vectorRate the rate of vectors, likewise
    public record Options(float weightDecay, float tokenRate, float vectorRate) {}

    private static final float MOMENTUM = 0.95f;
    private static final float UPDATE_RMS = 0.18f;
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.95f;
    private static final float EPSILON = 1e-20f;

    private final Parameters parameters;
    private final Options options;
    private final float[] first;
    private final float[] second;
    private final List<NewtonSchulz> workers = new ArrayList<>();

    public Optimizer(Parameters parameters, Options options, int threads) {
        this.parameters = parameters;
        this.options = options;
        first = new float[parameters.size()];
        second = new float[parameters.size()];
        for (int i = 0; i < threads; i++) {
            workers.add(new NewtonSchulz());
        }
    }

    /// Momentum of matrices, first moment of the rest.
    public float[] first() {
        return first;
    }

    /// Second moment of what is not a matrix.
    public float[] second() {
        return second;
    }

    /// Moves one parameter.
    ///
    /// @param worker which thread's buffers to use
    /// @param step from 0, counts the updates so far
    public void move(Parameter p, float[] gradients, float rate, long step, int worker) {
        switch (p.kind()) {
            case MATRIX -> muon(p, gradients, rate, workers.get(worker));
            case TOKENS -> adam(p, gradients, rate * options.tokenRate(), options.weightDecay(), step);
            case VECTOR -> adam(p, gradients, rate * options.vectorRate(), 0f, step);
            case BALANCE -> {}
        }
    }

    /// `M = 0.95 M + G`, then the direction `0.95 M + G` made orthogonal, at the size that AdamW's updates have.
    private void muon(Parameter p, float[] gradients, float rate, NewtonSchulz worker) {
        int n = p.size();
        int at = p.offset();
        float[] direction = new float[n];
        for (int i = 0; i < n; i++) {
            float g = gradients[at + i];
            float m = Math.fma(MOMENTUM, first[at + i], g);
            first[at + i] = m;
            direction[i] = Math.fma(MOMENTUM, m, g);
        }
        worker.orthogonalise(direction, 0, p.rows(), p.cols());
        float[] values = parameters.values();
        float keep = 1f - rate * options.weightDecay();
        float scale = rate * UPDATE_RMS * (float) Math.sqrt(Math.max(p.rows(), p.cols()));
        for (int i = 0; i < n; i++) {
            values[at + i] = Math.fma(-scale, direction[i], values[at + i] * keep);
        }
    }

    private void adam(Parameter p, float[] gradients, float rate, float decay, long step) {
        float[] values = parameters.values();
        float correct1 = 1f / (1f - (float) StrictMath.pow(BETA1, step + 1.0));
        float correct2 = 1f / (1f - (float) StrictMath.pow(BETA2, step + 1.0));
        float keep = 1f - rate * decay;
        for (int i = p.offset(); i < p.offset() + p.size(); i++) {
            float g = gradients[i];
            float m = Math.fma(BETA1, first[i], (1f - BETA1) * g);
            float v = Math.fma(BETA2, second[i], (1f - BETA2) * g * g);
            first[i] = m;
            second[i] = v;
            float size = (float) Math.sqrt(v * correct2) + EPSILON;
            values[i] = Math.fma(-rate, m * correct1 / size, values[i] * keep);
        }
    }

    /// Moves a router's biases toward even load: each by `unit`, up where its expert got less than the mean.
    public void balance(Parameter p, long[] load, float unit) {
        long total = 0;
        for (long rows : load) {
            total += rows;
        }
        float[] values = parameters.values();
        for (int e = 0; e < load.length; e++) {
            values[p.offset() + e] += unit * Math.signum((float) total / load.length - load[e]);
        }
    }
}
