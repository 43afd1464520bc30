package ai.hadal.train.model;

import ai.hadal.backend.InputRounding;
import ai.hadal.backend.cpu.CpuBackend;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.tensor.Weight;
import ai.hadal.train.gradient.Gemm;
import org.jspecify.annotations.Nullable;

/// What one thread works with: the engine's own operations for the way forward, products for the way back, and the
/// place where gradients are added.
final class Workbench implements AutoCloseable {

    final Parameters parameters;
    final CpuBackend ops = new CpuBackend(1);
    private float[] gradients = {};

    Workbench(Parameters parameters) {
        this.parameters = parameters;
    }

    /// Where gradients go from now on, in the order of the parameters' values.
    void addTo(float[] target) {
        gradients = target;
    }

    float[] gradients() {
        return gradients;
    }

    int gradient(String name) {
        return parameters.get(name).offset();
    }

    Weight weight(String name) {
        return parameters.weight(name);
    }

    float[] vector(String name) {
        return parameters.vector(name);
    }

    static HostActivations activations(int cols) {
        return new HostActivations(cols);
    }

    /// Makes `y` a copy of x.
    static void copy(HostActivations x, HostActivations y) {
        y.resize(x.rows());
        System.arraycopy(x.data(), 0, y.data(), 0, x.rows() * x.cols());
    }

    void linear(String name, HostActivations x, HostActivations y) {
        ops.linear(weight(name), x, InputRounding.NONE, y);
    }

    /// Of `y = W x`: adds to W's gradient and, if wanted, to `dX`.
    void linearBack(String name, float[] x, int rows, float[] dY, float @Nullable [] dX) {
        var p = parameters.get(name);
        if (dX != null) {
            Gemm.add(
                    rows,
                    p.cols(),
                    p.rows(),
                    dY,
                    0,
                    p.rows(),
                    parameters.used(),
                    p.offset(),
                    p.cols(),
                    dX,
                    0,
                    p.cols());
        }
        Gemm.addTransposed(p.rows(), p.cols(), rows, dY, 0, p.rows(), x, 0, p.cols(), gradients, p.offset(), p.cols());
    }

    /// Of a grouped projection, see [ai.hadal.backend.Backend#groupedLinear].
    void groupedBack(String name, int groups, float[] x, int rows, float[] dY, float[] dX) {
        var p = parameters.get(name);
        int n = p.rows() / groups;
        int k = p.cols();
        for (int g = 0; g < groups; g++) {
            int w = p.offset() + g * n * k;
            Gemm.add(rows, k, n, dY, g * n, p.rows(), parameters.used(), w, k, dX, g * k, groups * k);
            Gemm.addTransposed(n, k, rows, dY, g * n, p.rows(), x, g * k, groups * k, gradients, w, k);
        }
    }

    @Override
    public void close() {
        ops.close();
    }
}
