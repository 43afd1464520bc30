package ai.hadal.backend.topology;

/// Which processors a backend's own threads stay on. Threads that call a backend are left as they are.
public enum CpuBinding {

    /// Where the process may use several NUMA nodes: threads are spread over the nodes, each stays on its own, and
    /// memory that they touch first comes from all nodes in turn. Within a node the system chooses, so that other
    /// processes get out of the way. On one node this does nothing.
    NODE,

    /// The same, and each thread stays on a physical core of its own if there are as many cores as threads. For cores
    /// that nobody else uses: two processes that choose the same ones halve each other.
    CORE,

    /// The system chooses.
    OFF
}
