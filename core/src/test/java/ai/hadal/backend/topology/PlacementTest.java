package ai.hadal.backend.topology;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.backend.topology.Placement.Settled;
import ai.hadal.backend.topology.Topology.Core;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Which thread gets which processors, and how it is told.
class PlacementTest {

    private static final List<Integer> FIRST = List.of(0, 1, 2, 3, 8, 9, 10, 11);
    private static final List<Integer> SECOND = List.of(4, 5, 6, 7, 12, 13, 14, 15);

    private static final Settled DONE = new Settled(true, true);
    private static final Settled REFUSED = new Settled(false, false);

    @TempDir
    private Path root;

    @Test
    void threadsTakeNodesInTurn() {
        var placement = Placement.of(twoNodes(), CpuBinding.NODE, 5);
        assertThat(placement.seats()).containsExactly(FIRST, SECOND, FIRST, SECOND, FIRST);
        assertThat(placement.cores()).isFalse();
        assertThat(placement.memoryNodes()).containsExactly(0, 1);
    }

    @Test
    void coresOfANodeAreTakenEvenly() {
        var placement = Placement.of(twoNodes(), CpuBinding.CORE, 4);
        assertThat(placement.seats()).containsExactly(List.of(0, 8), List.of(4, 12), List.of(2, 10), List.of(6, 14));
        assertThat(placement.cores()).isTrue();
        assertThat(placement.memoryNodes()).containsExactly(0, 1);
    }

    @Test
    void noTwoThreadsShareACore() {
        var topology = twoNodes();
        for (int threads = 1; threads <= 8; threads++) {
            var seats = Placement.of(topology, CpuBinding.CORE, threads).seats();
            assertThat(seats).hasSize(threads).doesNotHaveDuplicates();
        }
    }

    @Test
    void withMoreThreadsThanCoresNodesRemain() {
        var placement = Placement.of(twoNodes(), CpuBinding.CORE, 9);
        assertThat(placement.cores()).isFalse();
        assertThat(placement.seats().subList(0, 2)).containsExactly(FIRST, SECOND);
    }

    /// Five cores on one node and two on the other.
    @Test
    void unequalNodesFillUpTogether() {
        List<Core> cores = new ArrayList<>();
        IntStream.range(0, 5).forEach(i -> cores.add(new Core(0, List.of(i))));
        IntStream.range(5, 7).forEach(i -> cores.add(new Core(3, List.of(i))));
        var topology = new Topology(cores);
        var seven = Placement.of(topology, CpuBinding.CORE, 7).seats();
        assertThat(seven.stream().map(List::getFirst)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
        var fourteen = Placement.of(topology, CpuBinding.NODE, 14);
        assertThat(Collections.frequency(fourteen.seats(), List.of(5, 6))).isEqualTo(4);
        assertThat(fourteen.memoryNodes()).containsExactly(0, 3);
    }

    @Test
    void oneNodeBindsOnlyWhenAskedTo() {
        var topology = oneNode();
        assertThat(Placement.of(topology, CpuBinding.NODE, 2)).isEqualTo(Placement.NONE);
        assertThat(Placement.of(topology, CpuBinding.CORE, 3)).isEqualTo(Placement.NONE);
        var placement = Placement.of(topology, CpuBinding.CORE, 2);
        assertThat(placement.seats()).containsExactly(List.of(0), List.of(1));
        assertThat(placement.memoryNodes()).isEmpty();
        assertThat(placement.interleaveMemory()).isFalse();
    }

    @Test
    void offBindsNothing() {
        assertThat(Placement.of(twoNodes(), CpuBinding.OFF, 4)).isEqualTo(Placement.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void withoutTopologyNothingIsBound(CpuBinding binding) {
        var unknown = new Topology(List.of());
        var placement = Placement.of(unknown, binding, 4);
        assertThat(placement).isEqualTo(Placement.NONE);
        assertThat(PlacementReport.of(unknown, placement, List.of(REFUSED))).isEmpty();
    }

    @Test
    void theReportTellsWhatTheSystemDid() {
        var topology = twoNodes();
        var nodes = Placement.of(topology, CpuBinding.NODE, 3);
        var cores = Placement.of(topology, CpuBinding.CORE, 3);
        String machine = " (8 cores, 2 NUMA nodes, ";
        assertThat(PlacementReport.of(topology, nodes, List.of(DONE, DONE)))
                .isEqualTo(machine + "bound to nodes, memory interleaved)");
        assertThat(PlacementReport.of(topology, cores, List.of(DONE, DONE)))
                .isEqualTo(machine + "bound to cores, memory interleaved)");
        assertThat(PlacementReport.of(topology, cores, List.of(REFUSED, REFUSED)))
                .isEqualTo(machine + "not bound to cores as the system refused it, memory not interleaved as the system"
                        + " refused it)");
        assertThat(PlacementReport.of(topology, nodes, List.of(DONE, new Settled(false, true))))
                .isEqualTo(machine + "1 of 2 bound to nodes, as the system refused the others, memory interleaved)");
        assertThat(PlacementReport.of(topology, Placement.NONE, List.of(REFUSED)))
                .isEqualTo(machine + "not bound, memory not interleaved)");
        assertThat(PlacementReport.of(oneNode(), Placement.NONE, List.of(REFUSED)))
                .isEqualTo(" (2 cores, 1 NUMA node, not bound)");
    }

    private Topology twoNodes() {
        return SystemTree.twoNodes(root).topology();
    }

    private static Topology oneNode() {
        return new Topology(List.of(new Core(0, List.of(0)), new Core(0, List.of(1))));
    }
}
