package ai.hadal.backend.topology;

import ai.hadal.backend.topology.Placement.Settled;
import java.util.List;

/// Where a team's threads are, for people.
public final class PlacementReport {

    private PlacementReport() {}

    /// Such as ` (64 cores, 2 NUMA nodes, bound to nodes, memory interleaved)`; nothing where the system does not tell.
    ///
    /// @param settled what the system let the team's own threads do; the caller is not among them
    public static String of(Topology topology, Placement placement, List<Settled> settled) {
        if (topology.cores().isEmpty()) {
            return "";
        }
        int nodes = topology.nodes().size();
        return " (" + count(topology.cores().size(), "core") + ", " + count(nodes, "NUMA node") + ", "
                + binding(placement, settled) + (nodes > 1 ? memory(placement, settled) : "") + ")";
    }

    private static String binding(Placement placement, List<Settled> settled) {
        if (placement.seats().isEmpty() || settled.isEmpty()) {
            return "not bound";
        }
        String where = placement.cores() ? " to cores" : " to nodes";
        long bound = settled.stream().filter(Settled::bound).count();
        if (bound == settled.size()) {
            return "bound" + where;
        }
        return bound == 0
                ? "not bound" + where + " as the system refused it"
                : bound + " of " + settled.size() + " bound" + where + ", as the system refused the others";
    }

    private static String memory(Placement placement, List<Settled> settled) {
        if (placement.memoryNodes().isEmpty() || settled.isEmpty()) {
            return ", memory not interleaved";
        }
        return settled.stream().allMatch(Settled::interleaved)
                ? ", memory interleaved"
                : ", memory not interleaved as the system refused it";
    }

    private static String count(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }
}
