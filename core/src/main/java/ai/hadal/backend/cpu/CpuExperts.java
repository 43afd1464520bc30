package ai.hadal.backend.cpu;

import ai.hadal.backend.ExpertSet;
import ai.hadal.backend.InputRounding;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostRouting;
import ai.hadal.tensor.ActivationRounding;
import ai.hadal.tensor.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// The mixture of experts: tokens are grouped by expert so that each expert's weights are read once a step. The
/// shared expert is one more group, with every token and the last slot.
final class CpuExperts {

    /// One expert's work: for token `t` of the group, input row `inputs[t]` and slot `slots[t]` (both as offsets).
    private record Group(
            Weight gate,
            Weight up,
            Weight down,
            float limit,
            int[] inputs,
            int[] hidden,
            int[] outputs,
            float[] weights) {}

    private final Team team;
    private float[] gates = {};
    private float[] ups = {};
    private float[] outputs = {};

    CpuExperts(Team team) {
        this.team = team;
    }

    /// @param rounded x with its rows rounded, or x itself where no expert format asks for it
    void run(
            ExpertSet routed,
            ExpertSet shared,
            HostActivations x,
            HostActivations rounded,
            HostRouting routing,
            InputRounding rounding,
            HostActivations y) {
        int rows = x.rows();
        int slots = routing.slots() + 1;
        int width = shared.gate()[0].rows();
        int d = x.cols();
        y.resize(rows);
        gates = grown(gates, rows * slots * width);
        ups = grown(ups, rows * slots * width);
        outputs = grown(outputs, rows * slots * d);
        var groups = groups(routed, shared, routing, rows, width, d);

        hidden(groups, x.data(), rounded.data(), rounding);
        int[] tasks = prefix(groups, Group::down);
        team.run(tasks[groups.size()], Product.work(shared.down()[0], 1), (task, scratch) -> {
            int g = find(tasks, task);
            var group = groups.get(g);
            Product.run(
                    group.down,
                    task - tasks[g],
                    gates,
                    group.hidden,
                    outputs,
                    group.outputs,
                    group.inputs.length,
                    scratch);
        });
        team.run(rows, (long) slots * d, (r, scratch) -> combine(r, slots, d, y.data()));
    }

    private List<Group> groups(ExpertSet routed, ExpertSet shared, HostRouting routing, int rows, int width, int d) {
        int slots = routing.slots() + 1;
        int experts = routed.gate().length;
        int[] counts = new int[experts + 1];
        for (int r = 0; r < rows; r++) {
            for (int s = 0; s < slots; s++) {
                counts[s == slots - 1 ? experts : routing.expert(r, s)]++;
            }
        }
        var byExpert = new Group[experts + 1];
        var groups = new ArrayList<Group>();
        for (int e = 0; e <= experts; e++) {
            if (counts[e] > 0) {
                var set = e < experts ? routed : shared;
                int i = e < experts ? e : 0;
                int n = counts[e];
                byExpert[e] = new Group(
                        set.gate()[i],
                        set.up()[i],
                        set.down()[i],
                        set.limit(),
                        new int[n],
                        new int[n],
                        new int[n],
                        new float[n]);
                groups.add(byExpert[e]);
                counts[e] = 0;
            }
        }
        for (int r = 0; r < rows; r++) {
            for (int s = 0; s < slots; s++) {
                boolean isShared = s == slots - 1;
                int e = isShared ? experts : routing.expert(r, s);
                var group = byExpert[e];
                int t = counts[e]++;
                group.inputs[t] = r * d;
                group.hidden[t] = (r * slots + s) * width;
                group.outputs[t] = (r * slots + s) * d;
                group.weights[t] = isShared ? 1f : routing.weight(r, s);
            }
        }
        return groups;
    }

    /// Gate and up products, SwiGLU, and the rounding of the result: `gates` then holds the input of the down
    /// products.
    private void hidden(List<Group> groups, float[] x, float[] rounded, InputRounding rounding) {
        int[] tasks = prefix(groups, Group::gate);
        team.run(tasks[groups.size()], Product.work(groups.getLast().gate, 2), (task, scratch) -> {
            int g = find(tasks, task);
            var group = groups.get(g);
            int part = task - tasks[g];
            int n = group.inputs.length;
            float[] gateInput = rounding.appliesTo(group.gate.format()) ? rounded : x;
            float[] upInput = rounding.appliesTo(group.up.format()) ? rounded : x;
            Product.run(group.gate, part, gateInput, group.inputs, gates, group.hidden, n, scratch);
            Product.run(group.up, part, upInput, group.inputs, ups, group.hidden, n, scratch);
            int first = part * Product.rowsPerTask(group.gate);
            int count = Math.min(Product.rowsPerTask(group.gate), group.gate.rows() - first);
            for (int t = 0; t < n; t++) {
                Exponential.swiglu(gates, ups, group.hidden[t] + first, count, group.limit, group.weights[t]);
            }
        });
        for (var group : groups) {
            if (rounding.appliesTo(group.down.format())) {
                team.run(
                        group.hidden.length,
                        4L * group.down.cols(),
                        (t, scratch) -> ActivationRounding.fp8(gates, group.hidden[t], group.down.cols(), 128));
            }
        }
    }

    private void combine(int row, int slots, int d, float[] y) {
        int to = row * d;
        for (int i = 0; i < d; i++) {
            y[to + i] = 0f + outputs[row * slots * d + i];
        }
        for (int s = 1; s < slots; s++) {
            int from = (row * slots + s) * d;
            for (int i = 0; i < d; i++) {
                y[to + i] += outputs[from + i];
            }
        }
    }

    /// First task of each group, and the number of all tasks.
    private static int[] prefix(List<Group> groups, Function<Group, Weight> weight) {
        int[] first = new int[groups.size() + 1];
        for (int g = 0; g < groups.size(); g++) {
            first[g + 1] = first[g] + Product.tasks(weight.apply(groups.get(g)));
        }
        return first;
    }

    private static int find(int[] first, int task) {
        int at = Arrays.binarySearch(first, task);
        return at >= 0 ? at : -at - 2;
    }

    private static float[] grown(float[] array, int size) {
        return array.length < size ? new float[size] : array;
    }
}
