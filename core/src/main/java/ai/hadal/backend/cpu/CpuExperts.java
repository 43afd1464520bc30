package ai.hadal.backend.cpu;

import ai.hadal.backend.ExpertSet;
import ai.hadal.backend.InputRounding;
import ai.hadal.backend.disk.ReadAhead;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostRouting;
import ai.hadal.tensor.ActivationRounding;
import ai.hadal.tensor.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

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

    /// Vectors in several forms, of which a weight's format takes one.
    private record Forms(
            InputRounding rounding,
            float[] plain,
            float[] fp8,
            @Nullable Int8Input integers) {

        Vectors of(Weight w) {
            if (rounding.isInteger(w.format())) {
                return new Vectors(plain, integers);
            }
            return Vectors.floats(rounding.appliesTo(w.format()) ? fp8 : plain);
        }
    }

    /// Share of a block's experts from which on a step reads them like one stream.
    private static final double STREAMED = 0.75;

    private final Team team;
    private final @Nullable ReadAhead readAhead;
    private float[] gates = {};
    private float[] ups = {};
    private float[] outputs = {};
    private final Int8Input inputIntegers = new Int8Input();
    private final Int8Input hiddenIntegers = new Int8Input();

    /// @param readAhead null where memory holds all weights
    CpuExperts(Team team, @Nullable ReadAhead readAhead) {
        this.team = team;
        this.readAhead = readAhead;
    }

    /// @param fp8 x with its rows rounded to FP8 where that is the rounding, else x itself
    void run(
            ExpertSet routed,
            ExpertSet shared,
            HostActivations x,
            HostActivations fp8,
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

        begin(groups, groups.size() > routed.gate().length * STREAMED);
        hidden(groups, inputs(groups, x, fp8, rounding));
        var hidden = hiddenVectors(groups, rows * slots, width, rounding);
        int[] tasks = prefix(groups, group -> hidden.of(group.down).tasks(group.down, group.inputs.length));
        team.run(tasks[groups.size()], Vectors.floats(gates).work(shared.down()[0], 1), (task, scratch) -> {
            int g = find(tasks, task);
            reached(groups.size() + g);
            var group = groups.get(g);
            hidden.of(group.down)
                    .multiply(
                            group.down,
                            task - tasks[g],
                            group.hidden,
                            outputs,
                            group.outputs,
                            group.inputs.length,
                            scratch);
        });
        if (readAhead != null) {
            readAhead.end();
        }
        team.run(
                rows,
                (long) slots * d,
                (r, scratch) -> Elementwise.sum(outputs, r * slots * d, slots, y.data(), r * d, d));
    }

    /// Announces all weights in the order of their use: gate and up of every group, then every group's down.
    private void begin(List<Group> groups, boolean streamed) {
        if (readAhead != null) {
            var stages = new ArrayList<List<Weight>>(2 * groups.size());
            groups.forEach(group -> stages.add(List.of(group.gate, group.up)));
            groups.forEach(group -> stages.add(List.of(group.down)));
            readAhead.begin(stages, streamed);
        }
    }

    /// Tells that a stage of those announced is under way.
    private void reached(int stage) {
        if (readAhead != null) {
            readAhead.reached(stage);
        }
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

    /// The input in each of the forms that expert formats ask for.
    private Forms inputs(List<Group> groups, HostActivations x, HostActivations fp8, InputRounding rounding) {
        boolean any =
                groups.stream().anyMatch(g -> rounding.isInteger(g.gate.format()) || rounding.isInteger(g.up.format()));
        var integers = any ? inputIntegers.encode(x.data(), x.rows(), x.cols(), team) : null;
        return new Forms(rounding, x.data(), fp8.data(), integers);
    }

    /// Gate and up products and SwiGLU: `gates` then holds the input of the down products.
    private void hidden(List<Group> groups, Forms x) {
        int[] tasks = prefix(groups, group -> x.of(group.gate).tasks(group.gate, group.inputs.length));
        var last = groups.getLast().gate;
        team.run(tasks[groups.size()], x.of(last).work(last, 2), (task, scratch) -> {
            int g = find(tasks, task);
            reached(g);
            var group = groups.get(g);
            int n = group.inputs.length;
            int rows = x.of(group.gate).rowsPerTask(group.gate, n);
            int first = (task - tasks[g]) * rows;
            int end = Math.min(group.gate.rows(), first + rows);
            x.of(group.gate).multiply(group.gate, first, end, group.inputs, gates, group.hidden, n, scratch);
            x.of(group.up).multiply(group.up, first, end, group.inputs, ups, group.hidden, n, scratch);
            for (int t = 0; t < n; t++) {
                Exponential.swiglu(gates, ups, group.hidden[t] + first, end - first, group.limit, group.weights[t]);
            }
        });
    }

    /// The hidden rows in each of the forms that the down products ask for.
    private Forms hiddenVectors(List<Group> groups, int rows, int width, InputRounding rounding) {
        boolean any = groups.stream().anyMatch(g -> rounding.isInteger(g.down.format()));
        var integers = any ? hiddenIntegers.encode(gates, rows, width, team) : null;
        if (rounding == InputRounding.FP8) {
            for (var group : groups) {
                if (rounding.appliesTo(group.down.format())) {
                    team.run(
                            group.hidden.length,
                            4L * group.down.cols(),
                            (t, scratch) -> ActivationRounding.fp8(gates, group.hidden[t], group.down.cols(), 128));
                }
            }
        }
        return new Forms(rounding, gates, gates, integers);
    }

    /// First task of each group, and the number of all tasks.
    private static int[] prefix(List<Group> groups, ToIntFunction<Group> tasks) {
        int[] first = new int[groups.size() + 1];
        for (int g = 0; g < groups.size(); g++) {
            first[g + 1] = first[g] + tasks.applyAsInt(groups.get(g));
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
