package ai.hadal.backend.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A made-up system of files that describes processors.
record SystemTree(Path root) {

    /// @param list processors that the process may use
    SystemTree allowed(String list) {
        return write(
                "proc/self/status", "Name:\tjava\nCpus_allowed:\tff\nCpus_allowed_list:\t" + list + "\nMems:\t0\n");
    }

    SystemTree online(String list) {
        return write("sys/devices/system/cpu/online", list + "\n");
    }

    SystemTree node(int node, String list) {
        return write("sys/devices/system/node/node" + node + "/cpulist", list + "\n");
    }

    /// @param processors hardware threads of one core
    SystemTree core(int... processors) {
        var list = new StringBuilder();
        for (int processor : processors) {
            list.append(list.isEmpty() ? "" : ",").append(processor);
        }
        for (int processor : processors) {
            write("sys/devices/system/cpu/cpu" + processor + "/topology/thread_siblings_list", list + "\n");
        }
        return this;
    }

    SystemTree write(String file, String text) {
        Path path = root.resolve(file);
        try {
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Topology topology() {
        return new TopologyFiles(root).read();
    }

    /// Two nodes of four cores with two hardware threads each, numbered as servers do: the second threads of all cores
    /// after the first ones.
    static SystemTree twoNodes(Path root) {
        var tree = new SystemTree(root)
                .allowed("0-15")
                .online("0-15")
                .node(0, "0-3,8-11")
                .node(1, "4-7,12-15");
        for (int core = 0; core < 8; core++) {
            tree.core(core, core + 8);
        }
        return tree;
    }
}
