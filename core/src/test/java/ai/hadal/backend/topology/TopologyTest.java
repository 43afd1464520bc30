package ai.hadal.backend.topology;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.backend.topology.Topology.Core;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a system of files says about processors.
class TopologyTest {

    @TempDir
    private Path root;

    @Test
    void oneNodeWithoutHardwareThreads() {
        var topology = new SystemTree(root)
                .allowed("0-2")
                .online("0-2")
                .node(0, "0-2")
                .core(0)
                .core(1)
                .core(2)
                .topology();
        assertThat(topology.cores()).containsExactly(core(0, 0), core(0, 1), core(0, 2));
        assertThat(topology.nodes()).containsExactly(0);
    }

    @Test
    void twoNodesWithHardwareThreads() {
        var topology = SystemTree.twoNodes(root).topology();
        assertThat(topology.cores())
                .containsExactly(
                        core(0, 0, 8),
                        core(0, 1, 9),
                        core(0, 2, 10),
                        core(0, 3, 11),
                        core(1, 4, 12),
                        core(1, 5, 13),
                        core(1, 6, 14),
                        core(1, 7, 15));
        assertThat(topology.nodes()).containsExactly(0, 1);
    }

    @Test
    void neighboursMayBeTheThreadsOfACoreAndNodesMayAlternate() {
        var topology = new SystemTree(root)
                .allowed("0-7")
                .node(0, "0-1,4-5")
                .node(1, "2-3,6-7")
                .core(0, 1)
                .core(2, 3)
                .core(4, 5)
                .core(6, 7)
                .topology();
        assertThat(topology.cores()).containsExactly(core(0, 0, 1), core(0, 4, 5), core(1, 2, 3), core(1, 6, 7));
    }

    @Test
    void whatTheProcessMayNotUseIsNotThere() {
        var topology = SystemTree.twoNodes(root).allowed("1,9-10,12").topology();
        assertThat(topology.cores()).containsExactly(core(0, 1, 9), core(0, 10), core(1, 12));
        topology = SystemTree.twoNodes(root).allowed("4-7").topology();
        assertThat(topology.nodes()).containsExactly(1);
    }

    /// The mask of a process may have processors that are off or were never there.
    @Test
    void processorsThatAreOffDoNotCount() {
        var topology =
                SystemTree.twoNodes(root).allowed("0-127").online("0-1,8,12").topology();
        assertThat(topology.cores()).containsExactly(core(0, 0, 8), core(0, 1), core(1, 12));
    }

    @Test
    void nodesOfMemoryOnlyDoNotCount() {
        var topology = SystemTree.twoNodes(root).node(2, "").topology();
        assertThat(topology.nodes()).containsExactly(0, 1);
    }

    @Test
    void withoutFilesAboutThemProcessorsAreCoresOfOneNode() {
        var topology = new SystemTree(root).allowed("2-3").topology();
        assertThat(topology.cores()).containsExactly(core(0, 2), core(0, 3));
    }

    @Test
    void otherSystemsDoNotTell() {
        var topology = new SystemTree(root).topology();
        assertThat(topology.cores()).isEmpty();
        assertThat(topology.nodes()).isEmpty();
        assertThat(topology.threads(6)).isEqualTo(6);
    }

    @Test
    void threadsAreAsManyAsCoresAndNoMoreThanTheShareOfTime() {
        var topology = SystemTree.twoNodes(root).topology();
        assertThat(topology.threads(16)).isEqualTo(8);
        assertThat(topology.threads(3)).isEqualTo(3);
    }

    @Test
    void hereThereAreNoMoreThreadsThanProcessors() {
        assertThat(Topology.defaultThreads()).isBetween(1, Runtime.getRuntime().availableProcessors());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0-3,8,10-11 | 0,1,2,3,8,10,11",
                "' 5 '       | 5",
                "3-1         | ''",
                "''          | ''",
                "1,x,-4,2    | 1,2",
                "7-99999999999 | ''"
            })
    void listsOfProcessors(String text, String expected) {
        var numbers = CpuList.parse(text + "\n").stream().map(String::valueOf).toList();
        assertThat(String.join(",", numbers)).isEqualTo(expected);
    }

    private static Core core(int node, Integer... processors) {
        return new Core(node, List.of(processors));
    }
}
