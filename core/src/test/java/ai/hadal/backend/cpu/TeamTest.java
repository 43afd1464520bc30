package ai.hadal.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.hadal.backend.topology.CallingThread;
import ai.hadal.backend.topology.CpuBinding;
import ai.hadal.backend.topology.Placement;
import ai.hadal.backend.topology.Placement.Settled;
import ai.hadal.backend.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Where the members of a team run.
@EnabledOnOs(OS.LINUX)
class TeamTest {

    private static final int THREADS = 2;

    @Test
    void eachOwnThreadStaysOnItsCoreAndTheCallerIsLeftAlone() {
        var topology = Topology.here();
        assumeThat(topology.cores()).hasSizeGreaterThanOrEqualTo(THREADS);
        var placement = Placement.of(topology, CpuBinding.CORE, THREADS);
        var before = CallingThread.processors();
        try (var team = new Team(THREADS, placement)) {
            var members = members(team);
            assertThat(members).hasSize(THREADS);
            assertThat(members.get(Thread.currentThread().getName())).isEqualTo(before);
            assertThat(members.get("hadal-cpu-1")).isEqualTo(placement.seats().get(1));
            assertThat(team.settled()).extracting(Settled::bound).containsExactly(true);
        }
        assertThat(CallingThread.processors()).isEqualTo(before);
    }

    @Test
    void aTeamThatIsNotBoundRunsWhereItsCreatorMay() {
        try (var team = new Team(THREADS, Placement.NONE)) {
            assertThat(members(team).get("hadal-cpu-1")).isEqualTo(CallingThread.processors());
            assertThat(team.settled()).containsExactly(new Settled(false, false));
        }
    }

    @Test
    void aTeamWorksWhereTheSystemRefusesItsPlace() {
        var nowhere = List.of(99_999);
        try (var team = new Team(THREADS, new Placement(List.of(nowhere, nowhere), true, List.of()))) {
            assertThat(members(team)).hasSize(THREADS).containsEntry("hadal-cpu-1", CallingThread.processors());
            assertThat(team.settled()).containsExactly(new Settled(false, false));
        }
    }

    /// The processors that each member may use: one task for each, none of which ends before all have begun.
    private static Map<String, List<Integer>> members(Team team) {
        Map<String, List<Integer>> members = new ConcurrentHashMap<>();
        var all = new CyclicBarrier(THREADS);
        team.run(THREADS, Integer.MAX_VALUE, (task, scratch) -> {
            members.put(Thread.currentThread().getName(), CallingThread.processors());
            try {
                all.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new IllegalStateException(e);
            }
        });
        return members;
    }
}
