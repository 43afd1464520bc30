package ai.hadal.backend.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What a thread asked of the system, read back from the system.
@EnabledOnOs(OS.LINUX)
class LinuxThreadTest {

    @Test
    void aThreadStaysOnAProcessorAndOthersAreLeftAlone() throws Exception {
        var before = CallingThread.processors();
        int last = Topology.here().cores().getLast().processors().getLast();
        var inside = onAThread(() -> {
            assertThat(LinuxThread.stayOn(List.of(last))).isTrue();
            return CallingThread.processors();
        });
        assertThat(inside).containsExactly(last);
        assertThat(CallingThread.processors()).isEqualTo(before);
    }

    @Test
    void aProcessorThatIsNotThereIsRefusedAndNothingChanges() throws Exception {
        var before = CallingThread.processors();
        var inside = onAThread(() -> {
            assertThat(LinuxThread.stayOn(List.of(99_999))).isFalse();
            return CallingThread.processors();
        });
        assertThat(inside).isEqualTo(before);
    }

    @Test
    void aThreadsMemoryIsInterleavedAndThatOfOthersIsNot() throws Exception {
        int before = LinuxThread.memoryPolicy();
        assumeThat(before)
                .as("a memory policy of its own, or a container that forbids any")
                .isZero();
        var nodes = Topology.here().nodes();
        int inside = onAThread(() -> {
            assertThat(LinuxThread.interleaveMemory(nodes)).isTrue();
            assertThat(LinuxThread.interleaveMemory(nodes)).isTrue();
            return LinuxThread.memoryPolicy();
        });
        assertThat(inside).isEqualTo(LinuxThread.INTERLEAVE);
        assertThat(LinuxThread.memoryPolicy()).isEqualTo(before);
    }

    @Test
    void aThreadTakesItsSeatAndMemoryTogether() throws Exception {
        assumeThat(LinuxThread.memoryPolicy()).as("as above").isZero();
        var seat = Topology.here().cores().getFirst().processors();
        var placement = new Placement(List.of(seat), true, Topology.here().nodes());
        var inside = onAThread(() -> {
            assertThat(placement.settle(0)).isEqualTo(new Placement.Settled(true, true));
            return CallingThread.processors();
        });
        assertThat(inside).isEqualTo(seat);
    }

    private static <T> T onAThread(Callable<T> work) throws Exception {
        try (var pool = Executors.newSingleThreadExecutor()) {
            return pool.submit(work).get();
        }
    }
}
