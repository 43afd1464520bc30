package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiskReadsTest {

    @Test
    void readsOnlyGrow() {
        var before = DiskReads.now();
        var after = DiskReads.now().since(before);
        assertThat(before.bytes()).isNotNegative();
        assertThat(after.bytes()).isNotNegative();
        assertThat(after.majorFaults()).isNotNegative();
    }

    @Test
    void theDifferenceIsOfBoth() {
        assertThat(new DiskReads(10, 7).since(new DiskReads(4, 2))).isEqualTo(new DiskReads(6, 5));
    }

    @Test
    void aProcessHasMemoryOfItsOwnOnLinux() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        assertThat(AnonymousMemory.now() > 0).isEqualTo(linux);
    }
}
