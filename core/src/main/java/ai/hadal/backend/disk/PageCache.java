package ai.hadal.backend.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// How much of mapped files memory can hold: what the machine and the process's memory cgroups (versions 1 and 2)
/// leave after programs' own memory. Linux only.
public final class PageCache {

    private static final long UNKNOWN = Long.MAX_VALUE;

    private final Path root;

    /// @param root where the file system begins
    PageCache(Path root) {
        this.root = root;
    }

    /// Bytes that the page cache may grow to, what it holds already included; [Long#MAX_VALUE] where the system does
    /// not tell.
    public static long capacity() {
        return new PageCache(Path.of("/")).bytes();
    }

    long bytes() {
        long least = numbers("proc/meminfo", ":").getOrDefault("MemAvailable", UNKNOWN);
        least = least == UNKNOWN ? UNKNOWN : least << 10;
        for (String line : text("proc/self/cgroup").lines().toList()) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && fields[1].isEmpty()) {
                least = Math.min(least, inGroups("sys/fs/cgroup", fields[2], "memory.max", "anon"));
            } else if (fields.length == 3 && fields[1].equals("memory")) {
                least = Math.min(
                        least, inGroups("sys/fs/cgroup/memory", fields[2], "memory.limit_in_bytes", "total_rss"));
            }
        }
        return least;
    }

    /// The least that a group or one above it leaves. In a container the path may be that of the machine outside;
    /// what is not there is passed over.
    private long inGroups(String mount, String path, String limitFile, String used) {
        long least = UNKNOWN;
        Path top = root.resolve(mount);
        Path group = top.resolve(path.replaceFirst("^/+", "")).normalize();
        for (; group != null && group.startsWith(top); group = group.getParent()) {
            String name = root.relativize(group).toString();
            String limit = text(name + "/" + limitFile).strip();
            if (limit.matches("\\d{1,18}")) {
                long own = numbers(name + "/memory.stat", "").getOrDefault(used, 0L);
                least = Math.min(least, Math.max(0, Long.parseLong(limit) - own));
            }
        }
        return least;
    }

    /// Lines of a name and a number.
    private Map<String, Long> numbers(String file, String colon) {
        Map<String, Long> numbers = new HashMap<>();
        for (String line : text(file).lines().toList()) {
            String[] fields = line.split(colon + "\\s+", -1);
            if (fields.length >= 2 && fields[1].matches("\\d{1,18}( .*)?")) {
                numbers.put(fields[0], Long.parseLong(fields[1].split(" ", 2)[0]));
            }
        }
        return numbers;
    }

    private String text(String file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (IOException _) {
            return "";
        }
    }
}
