package ai.hadal.backend.topology;

import ai.hadal.backend.topology.Topology.Core;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What Linux's files say about processors. Containers hide some of them: without the list of a core's hardware threads
/// each is a core, and without nodes there is one.
final class TopologyFiles {

    private static final String ALLOWED = "Cpus_allowed_list:";
    private static final Pattern NODE = Pattern.compile("node(\\d{1,5})");

    private final Path root;

    /// @param root where the file system begins
    TopologyFiles(Path root) {
        this.root = root;
    }

    Topology read() {
        var allowed = allowed();
        Map<Integer, Integer> nodes = allowed.isEmpty() ? Map.of() : nodes();
        List<Core> cores = new ArrayList<>();
        var seen = new TreeSet<Integer>();
        for (int processor : allowed) {
            if (!seen.contains(processor)) {
                var threads = CpuList.parse(
                        text("sys/devices/system/cpu/cpu" + processor + "/topology/thread_siblings_list"));
                threads.add(processor);
                threads.retainAll(allowed);
                threads.removeAll(seen);
                seen.addAll(threads);
                cores.add(new Core(nodes.getOrDefault(processor, 0), List.copyOf(threads)));
            }
        }
        cores.sort(Comparator.comparingInt(Core::node)
                .thenComparing(core -> core.processors().getFirst()));
        return new Topology(cores);
    }

    /// Processors that the process may use, by its affinity and its cpuset, and that are switched on.
    private SortedSet<Integer> allowed() {
        var allowed = text("proc/self/status")
                .lines()
                .filter(line -> line.startsWith(ALLOWED))
                .map(line -> CpuList.parse(line.substring(ALLOWED.length())))
                .findFirst()
                .orElseGet(TreeSet::new);
        var online = CpuList.parse(text("sys/devices/system/cpu/online"));
        if (!online.isEmpty()) {
            allowed.retainAll(online);
        }
        return allowed;
    }

    /// The node of each processor.
    private Map<Integer, Integer> nodes() {
        Map<Integer, Integer> nodes = new HashMap<>();
        try (var files = Files.list(root.resolve("sys/devices/system/node"))) {
            files.forEach(folder -> {
                var name = NODE.matcher(folder.getFileName().toString());
                if (name.matches()) {
                    int node = Integer.parseInt(name.group(1));
                    CpuList.parse(text("sys/devices/system/node/" + name.group() + "/cpulist"))
                            .forEach(processor -> nodes.put(processor, node));
                }
            });
        } catch (IOException | UncheckedIOException _) {
            return Map.of();
        }
        return nodes;
    }

    private String text(String file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (IOException _) {
            return "";
        }
    }
}
