package ai.hadal.backend.topology;

import java.nio.file.Path;
import java.util.List;

/// The physical cores that this process may use.
///
/// @param cores in the order of their nodes, then of their processors; empty where the system does not tell
public record Topology(List<Core> cores) {

    /// A physical core.
    ///
    /// @param node the NUMA node that it belongs to
    /// @param processors its hardware threads that the process may use, in ascending order; at least one
    public record Core(int node, List<Integer> processors) {

        public Core {
            processors = List.copyOf(processors);
        }
    }

    private static final class Once {
        static final Topology HERE = new TopologyFiles(Path.of("/")).read();
    }

    public Topology {
        cores = List.copyOf(cores);
    }

    /// That of this process, read when it is first asked for.
    public static Topology here() {
        return Once.HERE;
    }

    /// The NUMA nodes of the cores, in ascending order.
    public List<Integer> nodes() {
        return cores.stream().map(Core::node).distinct().toList();
    }

    /// The cores of a node.
    List<Core> cores(int node) {
        return cores.stream().filter(core -> core.node() == node).toList();
    }

    /// Compute threads to use unless somebody says otherwise: one for each physical core, since a core's hardware
    /// threads share its multipliers and its way to memory.
    ///
    /// @param processors that the JVM may use, which the share of a container's time may make fewer than cores
    int threads(int processors) {
        return cores.isEmpty() ? processors : Math.min(cores.size(), processors);
    }

    /// Compute threads to use here unless somebody says otherwise.
    public static int defaultThreads() {
        return here().threads(Runtime.getRuntime().availableProcessors());
    }
}
