package ai.hadal.backend.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which processors each thread of a team may use, and which nodes' memory.
///
/// @param seats the processors of each thread, the caller first, whose seat is only left free; empty if no thread is
///     bound
/// @param cores whether each seat is a physical core of its own; else it is a node
/// @param memoryNodes nodes whose memory serves in turn where threads touch it first; empty to leave that to the system
public record Placement(List<List<Integer>> seats, boolean cores, List<Integer> memoryNodes) {

    /// Nothing is bound.
    public static final Placement NONE = new Placement(List.of(), false, List.of());

    public Placement {
        seats = List.copyOf(seats);
        memoryNodes = List.copyOf(memoryNodes);
    }

    /// The placement of a team.
    ///
    /// @param threads of the team, the caller included
    public static Placement of(Topology topology, CpuBinding binding, int threads) {
        var nodes = topology.nodes();
        boolean severalNodes = nodes.size() > 1;
        boolean cores =
                binding == CpuBinding.CORE && threads <= topology.cores().size();
        if (binding == CpuBinding.OFF || !(cores || severalNodes)) {
            return NONE;
        }
        int[] threadNodes = spread(topology, threads);
        Map<Integer, Integer> used = new HashMap<>();
        List<List<Integer>> seats = new ArrayList<>();
        for (int node : threadNodes) {
            var own = topology.cores(node);
            int before = used.merge(node, 1, Integer::sum) - 1;
            if (cores) {
                // Evenly over the node, whose cores share caches and ways to memory with their neighbours.
                long together = count(threadNodes, node);
                seats.add(own.get((int) (before * (long) own.size() / together)).processors());
            } else {
                seats.add(own.stream()
                        .flatMap(core -> core.processors().stream())
                        .sorted()
                        .toList());
            }
        }
        return new Placement(seats, cores, severalNodes ? nodes : List.of());
    }

    /// The node of each thread: always the one that would be least full with it, so that no node has more threads than
    /// cores while another has cores left.
    private static int[] spread(Topology topology, int threads) {
        var nodes = topology.nodes();
        long[] cores =
                nodes.stream().mapToLong(node -> topology.cores(node).size()).toArray();
        long[] taken = new long[cores.length];
        int[] spread = new int[threads];
        for (int thread = 0; thread < threads; thread++) {
            int best = 0;
            for (int i = 1; i < cores.length; i++) {
                if ((taken[i] + 1) * cores[best] < (taken[best] + 1) * cores[i]) {
                    best = i;
                }
            }
            taken[best]++;
            spread[thread] = nodes.get(best);
        }
        return spread;
    }

    private static long count(int[] nodes, int wanted) {
        long count = 0;
        for (int node : nodes) {
            if (node == wanted) {
                count++;
            }
        }
        return count;
    }

    /// What the system let a thread do.
    ///
    /// @param bound whether it stays on its seat
    /// @param interleaved whether its memory comes from all nodes in turn
    public record Settled(boolean bound, boolean interleaved) {}

    /// Binds the calling thread to a seat and its future memory to all nodes in turn, for the rest of its life. What
    /// the system refuses stays as it was.
    public Settled settle(int seat) {
        return new Settled(!seats.isEmpty() && LinuxThread.stayOn(seats.get(seat)), interleaveMemory());
    }

    /// Has the calling thread's future memory, pages of files that it is the first to read among it, come from all
    /// nodes in turn. A policy that the process was started with (`numactl`) stays.
    ///
    /// @return whether it does now; false if there is one node
    public boolean interleaveMemory() {
        return !memoryNodes.isEmpty() && LinuxThread.interleaveMemory(memoryNodes);
    }
}
