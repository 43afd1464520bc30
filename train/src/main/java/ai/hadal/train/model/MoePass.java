package ai.hadal.train.model;

import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostRouting;
import ai.hadal.model.ModelConfig;
import ai.hadal.train.gradient.ExpertGradient;
import ai.hadal.train.gradient.RouterGradient;
import ai.hadal.train.gradient.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The mixture of experts of a block. Rows are gathered by expert, so that each expert is three products; the
/// results are added in slot order, with the bits of the engine's own operation.
final class MoePass {

    /// The rows of one expert.
    private static final class Group {
        final String prefix;
        final float limit;
        int count;
        int[] rows = {};
        int[] slots = {};
        float[] weights = {};
        final HostActivations in;
        final HostActivations gate;
        final HostActivations up;
        final HostActivations hidden;
        final HostActivations out;

        Group(String prefix, float limit, ModelConfig config) {
            this.prefix = prefix;
            this.limit = limit;
            in = new HostActivations(config.hiddenSize());
            gate = new HostActivations(config.expertWidth());
            up = new HostActivations(config.expertWidth());
            hidden = new HostActivations(config.expertWidth());
            out = new HostActivations(config.hiddenSize());
        }

        void room(int most) {
            if (rows.length < most) {
                rows = new int[most];
                slots = new int[most];
                weights = new float[most];
            }
            count = 0;
        }

        void add(int row, int slot, float weight) {
            rows[count] = row;
            slots[count] = slot;
            weights[count++] = weight;
        }
    }

    private final Workbench bench;
    private final ModelConfig config;
    private final String prefix;
    private final boolean hash;
    private final HostActivations logits;
    private final List<Group> groups = new ArrayList<>();
    private float[] outputs = {};
    private int[] experts = {};
    private double balanceLoss;

    MoePass(Workbench bench, String prefix, int index) {
        this.bench = bench;
        this.config = bench.parameters.config();
        this.prefix = prefix;
        this.hash = index < config.hashLayers();
        logits = new HostActivations(config.experts());
        for (int e = 0; e < config.experts(); e++) {
            groups.add(new Group(prefix + "experts." + e + ".", config.swigluLimits()[index], config));
        }
        groups.add(new Group(prefix + "shared_experts.", config.sharedSwigluLimits()[index], config));
    }

    void forward(Rows rows, HostActivations u, HostActivations y) {
        int n = rows.count;
        int k = config.expertsPerToken();
        int d = config.hiddenSize();
        bench.linear(prefix + "gate.weight", u, logits);
        var routing = route(rows, k);
        if (experts.length < n * k) {
            experts = new int[n * k];
        }
        groups.forEach(group -> group.room(n));
        for (int r = 0; r < n; r++) {
            for (int s = 0; s < k; s++) {
                int e = routing.expert(r, s);
                experts[r * k + s] = e;
                groups.get(e).add(r, s, routing.weight(r, s));
            }
            groups.getLast().add(r, k, 1f);
        }
        if (outputs.length < n * (k + 1) * d) {
            outputs = new float[n * (k + 1) * d];
        }
        groups.forEach(group -> forward(group, u, k, d));
        combine(n, k, d, y.resize(n).data());
    }

    private HostRouting route(Rows rows, int k) {
        float scale = config.routedScale();
        if (!hash) {
            return (HostRouting) bench.ops.route(logits, bench.vector(prefix + "gate.bias"), k, scale);
        }
        int[] table = bench.parameters.hashTables().get(prefix + "gate.tid2eid");
        int[] fixed = new int[rows.count * k];
        for (int r = 0; r < rows.count; r++) {
            System.arraycopy(table, rows.ids[r] * k, fixed, r * k, k);
        }
        return (HostRouting) bench.ops.routeFixed(logits, fixed, k, scale);
    }

    private void forward(Group group, HostActivations u, int k, int d) {
        int n = group.count;
        if (n == 0) {
            return;
        }
        group.in.resize(n);
        for (int i = 0; i < n; i++) {
            System.arraycopy(u.data(), group.rows[i] * d, group.in.data(), i * d, d);
        }
        bench.linear(group.prefix + "w1.weight", group.in, group.gate);
        bench.linear(group.prefix + "w3.weight", group.in, group.up);
        int f = config.expertWidth();
        float[] hidden = group.hidden.resize(n).data();
        for (int i = 0; i < n; i++) {
            ExpertGradient.swiglu(group.gate.data(), group.up.data(), i * f, f, group.limit, group.weights[i], hidden);
        }
        bench.linear(group.prefix + "w2.weight", group.hidden, group.out);
        for (int i = 0; i < n; i++) {
            int to = (group.rows[i] * (k + 1) + group.slots[i]) * d;
            System.arraycopy(group.out.data(), i * d, outputs, to, d);
        }
    }

    private void combine(int n, int k, int d, float[] y) {
        for (int r = 0; r < n; r++) {
            int from = r * (k + 1) * d;
            for (int i = 0; i < d; i++) {
                y[r * d + i] = 0f + outputs[from + i];
            }
            for (int s = 1; s <= k; s++) {
                Vectors.add(y, r * d, outputs, from + s * d, d);
            }
        }
    }

    /// The balance loss in the last [#backward], weight included.
    double balanceLoss() {
        return balanceLoss;
    }

    /// Adds how many rows each expert got in the last [#forward], for blocks that choose by score.
    void countLoad(long[] load) {
        for (int e = 0; e < load.length && !hash; e++) {
            load[e] += groups.get(e).count;
        }
    }

    boolean scored() {
        return !hash;
    }

    String bias() {
        return prefix + "gate.bias";
    }

    /// Adds to `dU`.
    ///
    /// @param balance weight of the balance loss of each document
    void backward(Rows rows, HostActivations u, float[] dY, float[] dU, float balance) {
        int n = rows.count;
        int k = config.expertsPerToken();
        float[] dWeights = new float[n * k];
        for (var group : groups) {
            backward(group, dY, dU, k, group == groups.getLast() ? null : dWeights);
        }
        float[] dLogits = new float[n * config.experts()];
        for (int r = 0; r < n; r++) {
            RouterGradient.weights(
                    logits.data(), r * config.experts(), experts, r * k, k, config.routedScale(), dWeights, dLogits);
        }
        balanceLoss = 0;
        if (!hash && balance > 0) {
            for (int i = 0; i < rows.documents(); i++) {
                balanceLoss += RouterGradient.balance(
                        logits.data(), rows.starts[i], rows.lengths[i], config.experts(), experts, k, balance, dLogits);
            }
        }
        bench.linearBack(prefix + "gate.weight", u.data(), n, dLogits, dU);
    }

    private void backward(Group group, float[] dY, float[] dU, int k, float @Nullable [] dWeights) {
        int n = group.count;
        if (n == 0) {
            return;
        }
        int d = config.hiddenSize();
        int f = config.expertWidth();
        float[] dOut = new float[n * d];
        for (int i = 0; i < n; i++) {
            System.arraycopy(dY, group.rows[i] * d, dOut, i * d, d);
        }
        float[] dHidden = new float[n * f];
        bench.linearBack(group.prefix + "w2.weight", group.hidden.data(), n, dOut, dHidden);
        float[] dGate = new float[n * f];
        float[] dUp = new float[n * f];
        for (int i = 0; i < n; i++) {
            float dWeight = ExpertGradient.swigluBack(
                    group.gate.data(), group.up.data(), i * f, f, group.limit, group.weights[i], dHidden, dGate, dUp);
            if (dWeights != null) {
                dWeights[group.rows[i] * k + group.slots[i]] = dWeight;
            }
        }
        float[] dIn = new float[n * d];
        bench.linearBack(group.prefix + "w1.weight", group.in.data(), n, dGate, dIn);
        bench.linearBack(group.prefix + "w3.weight", group.in.data(), n, dUp, dIn);
        for (int i = 0; i < n; i++) {
            Vectors.add(dU, group.rows[i] * d, dIn, i * d, d);
        }
    }
}
