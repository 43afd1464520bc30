package ai.hadal.backend.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a system of files says about memory.
class PageCacheTest {

    @TempDir
    private Path root;

    @Test
    void withoutLimitsItIsTheMachinesAvailableMemory() throws IOException {
        meminfo(1000);
        assertThat(bytes()).isEqualTo(1000 << 10);
    }

    @Test
    void theGroupOfVersion2LimitsIt() throws IOException {
        meminfo(1 << 30);
        write("proc/self/cgroup", "0::/user/model\n");
        write("sys/fs/cgroup/user/model/memory.max", "5000000\n");
        write("sys/fs/cgroup/user/model/memory.stat", "anon 1000000\nfile 300000\n");
        assertThat(bytes()).isEqualTo(4_000_000);
    }

    @Test
    void soDoesAGroupAbove() throws IOException {
        meminfo(1 << 30);
        write("proc/self/cgroup", "0::/user/model\n");
        write("sys/fs/cgroup/user/model/memory.max", "max\n");
        write("sys/fs/cgroup/user/memory.max", "3000000\n");
        write("sys/fs/cgroup/user/memory.stat", "anon 500000\n");
        assertThat(bytes()).isEqualTo(2_500_000);
    }

    @Test
    void theGroupOfVersion1LimitsIt() throws IOException {
        meminfo(1 << 30);
        write("proc/self/cgroup", "9:name=systemd:/\n4:memory:/model\n0::/\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        write("sys/fs/cgroup/memory/model/memory.limit_in_bytes", "6000000\n");
        write("sys/fs/cgroup/memory/model/memory.stat", "rss 1\ntotal_rss 2000000\n");
        assertThat(bytes()).isEqualTo(4_000_000);
    }

    /// A container often shows its group's path on the machine outside, and only its own files.
    @Test
    void aPathThatIsNotThereIsPassedOver() throws IOException {
        meminfo(1 << 30);
        write("proc/self/cgroup", "0::/docker/0a1b\n");
        write("sys/fs/cgroup/memory.max", "7000000\n");
        assertThat(bytes()).isEqualTo(7_000_000);
    }

    @Test
    void whatProgramsTakeBeyondTheLimitLeavesNothing() throws IOException {
        meminfo(1 << 30);
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "7\n");
        write("sys/fs/cgroup/memory.stat", "anon 8\n");
        assertThat(bytes()).isZero();
    }

    @Test
    void aSystemThatDoesNotTellSetsNoLimit() {
        assertThat(bytes()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void thisSystemLeavesSomething() {
        assertThat(PageCache.capacity()).isPositive();
    }

    private long bytes() {
        return new PageCache(root).bytes();
    }

    private void meminfo(long availableKib) throws IOException {
        write(
                "proc/meminfo",
                "MemTotal:       99999999 kB\nMemAvailable:   " + availableKib + " kB\nHugePages_Total:  0\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
